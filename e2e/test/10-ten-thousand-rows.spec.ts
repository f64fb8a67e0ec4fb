import { expect } from '@playwright/test'
import { realTime } from '../src/deadline.ts'
import { FarmPage } from '../src/farm-page.ts'
import { test } from '../src/farm-test.ts'

/** ms in which everything is fetched and compiled for the first time. */
const WARM_UP = 5000

/** ms; what the page shows is the longest task of its last ten seconds. */
const WATCHED = 12_000

test('10: while 10,000 rows are refreshed, no task blocks the page for 50 ms @chromium', async ({
  tab,
  wire,
}) => {
  const page = await FarmPage.open(tab, wire.url)
  await page.go('rows')
  // The passing of real time is what is tested.
  await realTime(WARM_UP + WATCHED)
  expect(await page.stat('longest-task')).toBeLessThanOrEqual(50)
})
