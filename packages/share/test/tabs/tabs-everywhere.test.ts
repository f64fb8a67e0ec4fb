import { eventually, launchChromium, launchFirefox, launchPuppeteer } from '@auto-refresh/browsers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Browser, BrowserContext, Page } from 'playwright'
import type { Browser as PuppeteerBrowser } from 'puppeteer-core'
import { openSite, type Site } from './site.ts'
import { becomes, told } from './told.ts'

let site: Site
beforeAll(async () => void (site = await openSite()))
afterAll(() => site.close())
beforeEach(() => void (site.requests.length = 0))

describe.each([
  ['chromium', launchChromium],
  ['firefox', launchFirefox],
] as const)('visible tabs in %s', (_, launch) => {
  let browser: Browser
  let context: BrowserContext
  beforeAll(async () => void (browser = await launch()))
  afterAll(() => browser.close())
  beforeEach(async () => void (context = await browser.newContext()))
  afterEach(() => context.close())

  async function open(page: string, options: Parameters<Site['url']>[1] = {}): Promise<Page> {
    const opened = await context.newPage()
    await opened.goto(site.url(page, options))
    return opened
  }

  it('B1: ten tabs ask at most 1.1 times as often as one', async () => {
    const tabs: Page[] = []
    for (let number = 1; number <= 10; number += 1) {
      const tab = await open(String(number))
      await becomes(tab, number === 1 ? 'leader' : 'follower')
      tabs.push(tab)
    }
    site.requests.length = 0
    await sleep(10_000)
    // One tab alone asks 20 times.
    expect(site.requests.length).toBeLessThanOrEqual(22)
    expect(new Set(site.requests.map(({ page }) => page)).size).toBe(1)
  })

  it('B2: a leader that navigates away is followed', async () => {
    const first = await open('1')
    await becomes(first, 'leader')
    const second = await open('2')
    await becomes(second, 'follower')
    await first.goto(site.elsewhere)
    await becomes(second, 'leader')
  })

  it('B2: a leader whose main thread hangs is replaced after the lease + 4 s, and comes back as a follower', async () => {
    const first = await open('1')
    await becomes(first, 'leader')
    const second = await open('2')
    await becomes(second, 'follower')
    const blocked = first.evaluate('window.block(14000)')
    const started = Date.now()
    await eventually(() => site.requests.find(({ page, at }) => page === '2' && at > started), {
      within: 14_000,
      awaited: 'a call of the second tab',
    })
    expect(Date.now() - started).toBeLessThan(11_000)
    await blocked
    await becomes(second, 'leader')
    await becomes(first, 'follower')
  })

  it('B2: reload loops leave one leader', async () => {
    const first = await open('1')
    await becomes(first, 'leader')
    const second = await open('2')
    for (let count = 0; count < 10; count += 1) await second.reload()
    await becomes(second, 'follower')
    await first.reload()
    await becomes(second, 'leader')
    await becomes(first, 'follower')
  })

  it('B4: without locks a tab is alone, and so it is without a channel', async () => {
    for (const missing of ['navigator.locks', 'BroadcastChannel']) {
      const page = await context.newPage()
      const [owner, property] = missing === 'BroadcastChannel' ? ['window', missing] : ['navigator', 'locks']
      await page.addInitScript(`Object.defineProperty(${owner}, '${property}', { value: undefined })`)
      await page.goto(site.url(missing))
      expect((await becomes(page, 'alone')).alone).toBe('no-transport')
    }
  })
})

describe('hidden and frozen tabs in Chromium', () => {
  let browser: PuppeteerBrowser
  beforeAll(async () => void (browser = await launchPuppeteer('chromium')))
  afterAll(() => browser.close())

  it('B2: the tab in front leads, and follows a hidden one at once', async () => {
    const context = await browser.createBrowserContext()
    const first = await context.newPage()
    await first.bringToFront()
    await first.goto(site.url('1'))
    await becomes(first, 'leader')
    const second = await context.newPage()
    await second.bringToFront()
    await second.goto(site.url('2'))
    await becomes(second, 'leader')
    expect((await told(first)).role).toBe('out')
    await first.bringToFront()
    await becomes(first, 'leader')
    await context.close()
  })

  it('B2: a leader that crashes is followed', async () => {
    const visible = await launchChromium()
    const context = await visible.newContext()
    const [first, second] = [await context.newPage(), await context.newPage()]
    await first.goto(site.url('1'))
    await becomes(first, 'leader')
    await second.goto(site.url('2'))
    await becomes(second, 'follower')
    first.goto('chrome://crash').catch(() => undefined)
    await becomes(second, 'leader')
    await visible.close()
  })

  it('B2: a frozen tab holds nothing, and comes back with the values of all', async () => {
    const context = await browser.createBrowserContext()
    const first = await context.newPage()
    await first.bringToFront()
    await first.goto(site.url('1'))
    await becomes(first, 'leader')
    const session = await first.createCDPSession()
    await session.send('Page.setWebLifecycleState', { state: 'frozen' })
    const second = await context.newPage()
    await second.bringToFront()
    await second.goto(site.url('2'))
    await becomes(second, 'leader')
    await session.send('Page.setWebLifecycleState', { state: 'active' })
    await first.bringToFront()
    await becomes(first, 'leader')
    await context.close()
  })

  it('B2: a page stays eligible for the back/forward cache, and joins anew on return', async () => {
    const context = await browser.createBrowserContext()
    const page = await context.newPage()
    await page.bringToFront()
    await page.goto(site.url('1'))
    await becomes(page, 'leader')
    await page.goto(site.elsewhere)
    await page.goBack()
    const { returns } = await becomes(page, 'leader')
    expect(returns).toBe(1)
    await context.close()
  })
})
