import { eventually, launchChromium } from '@auto-refresh/browsers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Browser, BrowserContext, Page } from 'playwright'
import { openSite, type Site } from './site.ts'
import { becomes, told } from './told.ts'

let browser: Browser
let site: Site
let context: BrowserContext

beforeAll(async () => {
  browser = await launchChromium()
  site = await openSite()
})
afterAll(async () => {
  await browser.close()
  await site.close()
})
beforeEach(async () => {
  context = await browser.newContext()
  site.requests.length = 0
})
afterEach(() => context.close())

async function open(name: string, options: Parameters<Site['url']>[1] = {}): Promise<Page> {
  const page = await context.newPage()
  await page.goto(site.url(name, options))
  return page
}

describe('tabs in Chromium', () => {
  it('B1, B3: of three tabs one asks, and a new one has the value and asks nothing', async () => {
    const first = await open('1')
    await becomes(first, 'leader')
    const others = [await open('2'), await open('3')]
    for (const page of others) {
      await becomes(page, 'follower')
      expect((await told(page)).syncCalls).toBe(0)
    }
    await sleep(1500)
    expect(new Set(site.requests.map(({ page }) => page))).toEqual(new Set(['1']))
    const newest = (await told(first)).value ?? 0
    for (const page of others) expect((await told(page)).value).toBeGreaterThanOrEqual(newest)
  })

  it('B2: a leader that is closed is followed within 500 ms of the next due call', async () => {
    const first = await open('1')
    await becomes(first, 'leader')
    const second = await open('2')
    await becomes(second, 'follower')
    const last = site.requests.at(-1)?.at ?? 0
    await first.close()
    await becomes(second, 'leader')
    const next = await eventually(() => site.requests.find(({ page }) => page === '2'), {
      within: 20_000,
      awaited: 'a call of the new leader',
    })
    // The interval is 500 ms; a busy machine closes a page slowly.
    expect(next.at - last).toBeLessThan(3000)
  })

  it('K9: tabs of two users share nothing', async () => {
    const [mine, yours] = [await open('1'), await open('2', { user: 'you' })]
    await becomes(mine, 'leader')
    await becomes(yours, 'leader')
    expect((await told(yours)).members).toBe(1)
  })
})
