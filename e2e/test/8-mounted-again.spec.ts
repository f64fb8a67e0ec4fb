import { expect } from '@playwright/test'
import { realTime } from '../src/real-time.ts'
import { FarmPage } from '../src/farm-page.ts'
import { RENDERED, soon, test } from '../src/farm-test.ts'
import { INTERVAL } from '../src/job-cache-contract.ts'
import { LONG_RENDER, SHORT_RENDER } from '../src/scenes.ts'
import { mostWithin } from '../src/status-call.ts'

const PANELS = ['react', 'vue', 'preact'] as const
const FINISHED = 12
const JOBS = FINISHED + 60
/** A panel subscribes to a job for its card, and for the summary above the cards. */
const SUBSCRIBERS = PANELS.length * 2 * JOBS

test('8: panels and routes that unmount and mount again neither double the polling nor leave subscriptions behind', async ({
  tab,
  wire,
  farm,
}) => {
  await farm.submit(FINISHED, SHORT_RENDER)
  await farm.submit(JOBS - FINISHED, LONG_RENDER)
  const page = await FarmPage.open(tab, wire.url, JOBS)
  await soon(() => page.countIn('succeeded'), RENDERED).toBeGreaterThanOrEqual(FINISHED)
  await soon(() => page.stat('subscribers')).toBe(SUBSCRIBERS)

  for (let round = 0; round < 3; round++) {
    for (const panel of PANELS) await page.togglePanel(panel)
    await soon(() => page.stat('subscribers')).toBe(0)
    for (const panel of PANELS) await page.togglePanel(panel)
    await soon(() => page.stat('subscribers')).toBe(SUBSCRIBERS)
    await page.go('rows')
    await page.go('jobs')
    await soon(() => page.stat('subscribers')).toBe(SUBSCRIBERS)
  }

  const since = Date.now()
  // Requests are counted in real time.
  await realTime(4 * INTERVAL)
  await soon(() => wire.callsSince(since).length).toBeGreaterThanOrEqual(3)
  expect(mostWithin(INTERVAL, wire.callsSince(since))).toBeLessThanOrEqual(2)
})
