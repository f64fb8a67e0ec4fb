import { expect } from '@playwright/test'
import { realTime } from '../src/deadline.ts'
import { FarmPage } from '../src/farm-page.ts'
import { soon, test } from '../src/farm-test.ts'
import { INTERVAL } from '../src/job-cache-contract.ts'
import { LONG_RENDER } from '../src/scenes.ts'
import { gaps } from '../src/status-call.ts'

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
  await soon(() => page.condition()).toBe('paused')
  const hiddenAt = Date.now()
  await realTime(3 * INTERVAL)
  expect(wire.callsSince(hiddenAt)).toEqual([])

  const unfinished = JOBS - (await page.countIn('finished'))
  await farm.cancel(jobs.at(-1)?.id ?? '')
  const shownAt = Date.now()
  await windowTab.show()
  await soon(() => wire.callsSince(shownAt).length).toBe(1)
  expect(wire.callsSince(shownAt)[0]?.ids).toHaveLength(unfinished)
  await soon(() => page.countIn('cancelled')).toBe(1)
  // The next one is no sooner than usual.
  await soon(() => wire.callsSince(shownAt).length).toBe(2)
  expect(gaps(wire.callsSince(shownAt))[0]).toBeGreaterThanOrEqual(INTERVAL * 0.9)
})

test(
  '3: an offline page asks for nothing, and one that is online again refreshes once, at once',
  { tag: '@offline' },
  async ({ networkTab, wire, farm }) => {
    const jobs = await farm.submit(JOBS, LONG_RENDER)
    const page = await FarmPage.open(networkTab, wire.url, JOBS)
    await soon(() => wire.calls.length).toBeGreaterThan(1)

    await networkTab.setOffline(true)
    await soon(() => page.condition()).toBe('paused')
    const offlineAt = Date.now()
    await realTime(3 * INTERVAL)
    expect(wire.callsSince(offlineAt)).toEqual([])

    const unfinished = JOBS - (await page.countIn('finished'))
    await farm.cancel(jobs.at(-1)?.id ?? '')
    const onlineAt = Date.now()
    await networkTab.setOffline(false)
    await soon(() => wire.callsSince(onlineAt).length).toBe(1)
    expect(wire.callsSince(onlineAt)[0]?.ids).toHaveLength(unfinished)
    await soon(() => page.countIn('cancelled')).toBe(1)
    await soon(() => wire.callsSince(onlineAt).length).toBe(2)
    expect(gaps(wire.callsSince(onlineAt))[0]).toBeGreaterThanOrEqual(INTERVAL * 0.9)
  },
)
