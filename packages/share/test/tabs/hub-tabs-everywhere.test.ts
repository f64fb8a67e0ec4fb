import { eventually, launchPuppeteer } from '@auto-refresh/browsers'
import type { Browser, Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type HubSite, openHubSite } from './hub-site.ts'
import { becomes, told } from './told.ts'

describe.each(['chromium', 'firefox'] as const)("a hub's clients in %s", (name) => {
  let browser: Browser
  beforeAll(async () => void (browser = await launchPuppeteer(name)))
  afterAll(() => browser.close())

  async function open(site: HubSite, host: 'localhost' | 'lan'): Promise<Page> {
    const page = await browser.newPage()
    await page.bringToFront()
    await page.goto(site.urls[host])
    return page
  }

  async function shows(page: Page, value: number): Promise<void> {
    await eventually(async () => ((await told(page)).value === value ? true : undefined), {
      within: 20_000,
      awaited: `the value ${value}`,
    })
  }

  it.each(['localhost', 'lan'] as const)(
    'Eight tabs, HTTP/1.1 (H10): by %s the eighth loads, hidden ones hold no stream, and one that is shown is right',
    async (host) => {
      const site = await openHubSite()
      const tabs: Page[] = []
      for (let number = 0; number < 8; number += 1) {
        const tab = await open(site, host)
        await becomes(tab, 'follower')
        tabs.push(tab)
      }
      const [first, ...others] = tabs
      if (first === undefined) throw new Error('no tab')
      expect(await first.evaluate('window.told().hasLocks')).toBe(host === 'localhost')
      await eventually(() => (site.streams === 1 ? true : undefined), {
        within: 10_000,
        awaited: 'one stream',
      })
      expect((await told(first)).role).toBe('out')
      site.set(2)
      const last = others.at(-1)
      if (last !== undefined) await shows(last, 2)
      await first.bringToFront()
      await becomes(first, 'follower')
      await shows(first, 2)
      // By its stream, and not by a question for the status.
      expect((await told(first)).syncCalls).toBe(0)
      await eventually(() => (site.streams === 1 ? true : undefined), {
        within: 10_000,
        awaited: 'one stream',
      })
      for (const tab of tabs) await tab.close()
      await site.close()
    },
  )

  it('Silent opening (H5): a client has its stream, and one only, although the source is silent', async () => {
    const site = await openHubSite()
    site.silence()
    const tab = await open(site, 'localhost')
    await eventually(async () => ((await told(tab)).role === 'follower' ? true : undefined), {
      within: 10_000,
      awaited: 'a stream',
    })
    await new Promise((resolve) => setTimeout(resolve, 20_000))
    expect((await told(tab)).role).toBe('follower')
    expect([site.streams, site.openings]).toEqual([1, 1])
    await tab.close()
    await site.close()
  })
})
