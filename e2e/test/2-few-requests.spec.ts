import { expect } from '@playwright/test'
import { realTime } from '../src/real-time.ts'
import { FarmPage } from '../src/farm-page.ts'
import { soon, test } from '../src/farm-test.ts'
import { INTERVAL } from '../src/job-cache-contract.ts'
import { LONG_RENDER } from '../src/scenes.ts'
import { mostWithin } from '../src/status-call.ts'

const JOBS = 60

test('2: 60 jobs that were submitted together cost at most 2 status requests an interval', async ({
  tab,
  wire,
  farm,
}) => {
  const page = await FarmPage.open(tab, wire.url)
  await page.submit(60)
  await soon(() => page.jobIds()).toHaveProperty('size', JOBS)
  const since = Date.now()
  // Requests are counted in real time.
  await realTime(4 * INTERVAL)
  await soon(() => wire.callsSince(since).length).toBeGreaterThanOrEqual(3)
  const calls = wire.callsSince(since)
  expect(mostWithin(INTERVAL, calls)).toBeLessThanOrEqual(2)
  // Together they ask for all jobs.
  const unfinished = (await farm.jobs()).filter(({ state }) => state === 'queued').map(({ id }) => id)
  expect(new Set(calls.flatMap(({ ids }) => ids)).size).toBeGreaterThanOrEqual(unfinished.length)
})

test('2: 60 jobs that were submitted at five times soon cost at most 2 status requests an interval, too', async ({
  tab,
  wire,
  farm,
}) => {
  await farm.submit(1, LONG_RENDER)
  const page = await FarmPage.open(tab, wire.url, 1)
  for (let shown = 13; shown <= 61; shown += 12) {
    await page.submit(12)
    await soon(() => page.jobIds()).toHaveProperty('size', shown)
    // The pause keeps the jobs from falling due together.
    await realTime(INTERVAL * 0.3)
  }
  // "Soon": two intervals.
  await realTime(2 * INTERVAL)
  const since = Date.now()
  await realTime(4 * INTERVAL)
  await soon(() => wire.callsSince(since).length).toBeGreaterThanOrEqual(3)
  const calls = wire.callsSince(since)
  expect(mostWithin(INTERVAL, calls)).toBeLessThanOrEqual(2)
  expect(new Set(calls.flatMap(({ ids }) => ids)).size).toBeGreaterThanOrEqual(50)
})
