import { hasWebKit, type WebKitWindow, WebKitWindows } from '@auto-refresh/browsers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { median, printFigures } from '../figures.ts'
import { openSite, type Site } from './site.ts'
import { becomes, told } from './told.ts'

const ROUNDS = 3

// Its driver is for Linux.
describe.runIf(hasWebKit())('windows in WebKit', () => {
  let browser: WebKitWindows
  let site: Site
  beforeAll(async () => {
    browser = await WebKitWindows.start()
    site = await openSite()
  })
  afterAll(async () => {
    await browser.close()
    await site.close()
  })
  const windows: WebKitWindow[] = []
  beforeEach(() => void (site.requests.length = 0))
  afterEach(async () => {
    for (const window of windows.splice(0)) await window.close()
  })

  async function open(page: string, type: 'window' | 'tab' = 'window'): Promise<WebKitWindow> {
    const opened = await browser.open(site.url(page), type)
    windows.push(opened)
    return opened
  }

  it('B1, B3: of three windows one asks, and a new one has the value by one message; a tab behind another is out', async () => {
    await becomes(await open('1'), 'leader')
    for (const page of ['2', '3']) {
      const { first, syncCalls } = await becomes(await open(page), 'follower')
      expect([first?.sent, syncCalls]).toEqual([1, 0])
    }
    const behind = await open('behind', 'tab')
    site.requests.length = 0
    await sleep(3000)
    expect(new Set(site.requests.map(({ page }) => page))).toEqual(new Set(['1']))
    expect(site.requests.length).toBeLessThanOrEqual(6)
    expect((await told(behind)).role).toBe('out')
  })

  it.each(['closed', 'navigated away'])('B2: a leader that is %s is followed within 500 ms', async (way) => {
    const led: number[] = []
    let leader = await open('0')
    await becomes(leader, 'leader')
    for (let round = 1; round <= ROUNDS; round += 1) {
      const follower = await open(String(round))
      await becomes(follower, 'follower')
      if (way === 'closed') await leader.close()
      else await leader.goto(site.elsewhere)
      const { roleSince, leftAt } = await becomes(follower, 'leader')
      led.push(roleSince - leftAt)
      if (way === 'closed') windows.shift()
      leader = follower
    }
    // From the page's own event: WebKit's driver takes long on a busy machine.
    printFigures(`webkit: another window led, after the leader was ${way}`, led)
    expect(Math.min(...led)).toBeGreaterThanOrEqual(0)
    expect(median(led)).toBeLessThanOrEqual(500)
  })
})
