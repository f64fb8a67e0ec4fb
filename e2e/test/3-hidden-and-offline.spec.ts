import { expect } from '@playwright/test'
import { realTime } from '../src/real-time.ts'
import { FarmPage } from '../src/farm-page.ts'
import { soon, test } from '../src/farm-test.ts'
import { AT_ONCE, INTERVAL } from '../src/job-cache-contract.ts'
import { firstRequestSince, readReturns, watchReturns } from '../src/page-returns.ts'
import { LONG_RENDER } from '../src/scenes.ts'
import { distance, gaps } from '../src/status-call.ts'

const JOBS = 60

test('3: a hidden page asks for nothing, and one that is visible again refreshes once, at once', async ({
  windowTab,
  wire,
  farm,
}) => {
  const jobs = await farm.submit(JOBS, LONG_RENDER)
  const page = await FarmPage.open(windowTab, wire.url, JOBS)
  await soon(() => wire.calls.length).toBeGreaterThan(1)

  await windowTab.hide()
  await soon(() => page.condition()).toBe('hidden')
  await watchReturns(windowTab)
  const hiddenAt = Date.now()
  await realTime(3 * INTERVAL)
  expect(wire.callsSince(hiddenAt)).toEqual([])

  const unfinished = JOBS - (await page.countIn('finished'))
  await farm.cancel(jobs.at(-1)?.id ?? '')
  await windowTab.show()
  await soon(() => page.countIn('cancelled')).toBe(1)
  const [back] = await readReturns(windowTab)
  expect(back?.how).toBe('visible')
  expect(distance(back?.at, await firstRequestSince(windowTab, hiddenAt))).toBeLessThan(AT_ONCE)
  // The next one comes after the usual interval.
  await soon(() => wire.callsSince(hiddenAt).length).toBeGreaterThanOrEqual(2)
  expect(wire.callsSince(hiddenAt)[0]?.ids).toHaveLength(unfinished)
  expect(gaps(wire.callsSince(hiddenAt))[0]).toBeGreaterThanOrEqual(INTERVAL * 0.9)
})

test(
  '3: an offline page asks for nothing, and one that is online again refreshes once, at once',
  { tag: '@not-webkit' },
  async ({ networkTab, wire, farm }) => {
    const jobs = await farm.submit(JOBS, LONG_RENDER)
    const page = await FarmPage.open(networkTab, wire.url, JOBS)
    await soon(() => wire.calls.length).toBeGreaterThan(1)

    await networkTab.setOffline(true)
    await soon(() => page.condition()).toBe('offline')
    await watchReturns(networkTab)
    const offlineAt = Date.now()
    await realTime(3 * INTERVAL)
    expect(wire.callsSince(offlineAt)).toEqual([])

    const unfinished = JOBS - (await page.countIn('finished'))
    await farm.cancel(jobs.at(-1)?.id ?? '')
    await networkTab.setOffline(false)
    await soon(() => page.countIn('cancelled')).toBe(1)
    const [back] = await readReturns(networkTab)
    expect(back?.how).toBe('online')
    expect(distance(back?.at, await firstRequestSince(networkTab, offlineAt))).toBeLessThan(AT_ONCE)
    await soon(() => wire.callsSince(offlineAt).length).toBeGreaterThanOrEqual(2)
    expect(wire.callsSince(offlineAt)[0]?.ids).toHaveLength(unfinished)
    expect(gaps(wire.callsSince(offlineAt))[0]).toBeGreaterThanOrEqual(INTERVAL * 0.9)
  },
)
