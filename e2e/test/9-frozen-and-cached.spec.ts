import { expect } from '@playwright/test'
import { realTime } from '../src/deadline.ts'
import { FarmPage } from '../src/farm-page.ts'
import { soon, test } from '../src/farm-test.ts'
import { INTERVAL } from '../src/job-cache-contract.ts'
import { LONG_RENDER } from '../src/scenes.ts'

const JOBS = 60

test(
  '9: a page that is frozen in the background refreshes when it is in front again, not before',
  { tag: '@chromium' },
  async ({ chromiumTab, wire, farm }) => {
    const jobs = await farm.submit(JOBS, LONG_RENDER)
    const page = await FarmPage.open(chromiumTab, wire.url, JOBS)
    await soon(() => wire.calls.length).toBeGreaterThan(1)

    await chromiumTab.hide()
    await soon(() => page.condition()).toBe('paused')
    const hiddenAt = Date.now()
    await chromiumTab.freeze()
    await realTime(4 * INTERVAL)
    await chromiumTab.resume()
    await realTime(INTERVAL)
    expect(wire.callsSince(hiddenAt)).toEqual([])

    await farm.cancel(jobs.at(-1)?.id ?? '')
    const shownAt = Date.now()
    await chromiumTab.show()
    await soon(() => page.countIn('cancelled'), INTERVAL).toBe(1)
    await realTime(INTERVAL * 0.8 - (Date.now() - shownAt))
    expect(wire.callsSince(shownAt)).toHaveLength(1)
  },
)

test(
  '9: the page stays eligible for the back/forward cache, and refreshes when it comes back from there',
  { tag: '@chromium' },
  async ({ chromiumTab, wire, farm, farmUrl }) => {
    const jobs = await farm.submit(JOBS, LONG_RENDER)
    const page = await FarmPage.open(chromiumTab, wire.url, JOBS)
    await page.watchReturns()
    await soon(() => wire.calls.length).toBeGreaterThan(1)

    // Another port is another origin.
    await chromiumTab.goto(`${farmUrl}/api/traffic`)
    const awayAt = Date.now()
    await realTime(3 * INTERVAL)
    expect(wire.callsSince(awayAt)).toEqual([])

    await farm.cancel(jobs.at(-1)?.id ?? '')
    const backAt = Date.now()
    await chromiumTab.goBack()
    expect(await page.returns()).toEqual(['from the back/forward cache'])
    await soon(() => page.countIn('cancelled'), INTERVAL).toBe(1)
    await realTime(INTERVAL * 0.8 - (Date.now() - backAt))
    expect(wire.callsSince(backAt)).toHaveLength(1)
  },
)
