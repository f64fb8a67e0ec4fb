import { expect } from '@playwright/test'
import { realTime } from '../src/deadline.ts'
import { FarmPage } from '../src/farm-page.ts'
import { soon, test } from '../src/farm-test.ts'
import { INTERVAL } from '../src/job-cache-contract.ts'
import { mostWithin } from '../src/status-call.ts'

const PANELS = ['react', 'vue', 'preact'] as const

test('8: panels that go and come back, and routes, neither double the polling nor leave subscriptions behind', async ({
  tab,
  wire,
}) => {
  const page = await FarmPage.open(tab, wire.url)
  await page.submit(12, 'julia')
  await soon(() => page.jobIds()).toHaveProperty('size', 12)
  await soon(() => page.countIn('succeeded'), 45_000).toBe(12)
  await page.submit(60)
  await soon(() => page.jobIds()).toHaveProperty('size', 72)
  await soon(() => page.stat('subscribers')).toBeGreaterThanOrEqual(3 * 72)
  const subscribers = await page.stat('subscribers')

  for (let round = 0; round < 3; round++) {
    for (const panel of PANELS) await page.togglePanel(panel)
    await soon(() => page.stat('subscribers')).toBeLessThan(subscribers / 2)
    for (const panel of PANELS) await page.togglePanel(panel)
    await soon(() => page.stat('subscribers')).toBe(subscribers)
    await page.go('rows')
    await page.go('jobs')
    await soon(() => page.stat('subscribers')).toBe(subscribers)
  }

  const since = Date.now()
  // What is counted is requests in real time.
  await realTime(4 * INTERVAL)
  expect(mostWithin(INTERVAL, wire.callsSince(since))).toBeLessThanOrEqual(2)
})
