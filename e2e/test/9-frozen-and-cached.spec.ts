import { expect } from '@playwright/test'
import { realTime } from '../src/real-time.ts'
import { FarmPage } from '../src/farm-page.ts'
import { soon, test } from '../src/farm-test.ts'
import { AT_ONCE, INTERVAL } from '../src/job-cache-contract.ts'
import { firstRequestSince, readReturns, watchReturns } from '../src/page-returns.ts'
import { LONG_RENDER } from '../src/scenes.ts'
import { distance, gaps } from '../src/status-call.ts'

const JOBS = 60

test(
  '9: a page that is frozen in the background refreshes when it is in front again, not before',
  { tag: '@chromium' },
  async ({ chromiumTab, wire, farm }) => {
    const jobs = await farm.submit(JOBS, LONG_RENDER)
    const page = await FarmPage.open(chromiumTab, wire.url, JOBS)
    await soon(() => wire.calls.length).toBeGreaterThan(1)

    await chromiumTab.hide()
    await soon(() => page.condition()).toBe('hidden')
    await watchReturns(chromiumTab)
    const hiddenAt = Date.now()
    await chromiumTab.freeze()
    await realTime(4 * INTERVAL)
    await chromiumTab.resume()
    await realTime(INTERVAL)
    expect(wire.callsSince(hiddenAt)).toEqual([])

    await farm.cancel(jobs.at(-1)?.id ?? '')
    await chromiumTab.show()
    await soon(() => page.countIn('cancelled')).toBe(1)
    const [back] = await readReturns(chromiumTab)
    expect(back?.how).toBe('visible')
    expect(distance(back?.at, await firstRequestSince(chromiumTab, hiddenAt))).toBeLessThan(AT_ONCE)
    // Once, not once for each interval that it missed.
    await soon(() => wire.callsSince(hiddenAt).length).toBeGreaterThanOrEqual(2)
    expect(gaps(wire.callsSince(hiddenAt))[0]).toBeGreaterThanOrEqual(INTERVAL * 0.9)
  },
)

test(
  '9: the page stays eligible for the back/forward cache, and refreshes when it comes back from there',
  { tag: '@chromium' },
  async ({ chromiumTab, wire, farm, farmUrl }) => {
    const jobs = await farm.submit(JOBS, LONG_RENDER)
    const page = await FarmPage.open(chromiumTab, wire.url, JOBS)
    await watchReturns(chromiumTab)
    await soon(() => wire.calls.length).toBeGreaterThan(1)

    // Another port is another origin.
    await chromiumTab.goto(`${farmUrl}/api/traffic`)
    const awayAt = Date.now()
    await realTime(3 * INTERVAL)
    expect(wire.callsSince(awayAt)).toEqual([])

    await farm.cancel(jobs.at(-1)?.id ?? '')
    await chromiumTab.goBack()
    await soon(() => page.countIn('cancelled')).toBe(1)
    // It becomes visible, too: one of the two is first.
    const returns = await readReturns(chromiumTab)
    expect(returns.map(({ how }) => how)).toContain('from the back/forward cache')
    expect(distance(returns[0]?.at, await firstRequestSince(chromiumTab, awayAt))).toBeLessThan(AT_ONCE)
    await soon(() => wire.callsSince(awayAt).length).toBeGreaterThanOrEqual(2)
    expect(gaps(wire.callsSince(awayAt))[0]).toBeGreaterThanOrEqual(INTERVAL * 0.9)
  },
)
