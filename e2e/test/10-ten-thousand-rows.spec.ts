import { expect } from '@playwright/test'
import { realTime } from '../src/real-time.ts'
import { FarmPage } from '../src/farm-page.ts'
import { soon, test } from '../src/farm-test.ts'

const ROWS = 10_000

/** ms in which everything is fetched and compiled for the first time. */
const WARM_UP = 5000

/** ms */
const WATCHED = 10_000

test('10: while 10,000 rows are refreshed, no task blocks the page for 50 ms @chromium', async ({
  chromiumTab,
  wire,
  farm,
}) => {
  const page = await FarmPage.open(chromiumTab, wire.url)
  await page.go('rows')
  await soon(() => page.stat('size')).toBe(ROWS)
  // The test is about real time.
  await realTime(WARM_UP)
  const before = await farm.rowsAskedFor()
  const tasks = await chromiumTab.tasksWithin(WATCHED)
  // All of them were refreshed meanwhile, again and again.
  expect((await farm.rowsAskedFor()) - before).toBeGreaterThanOrEqual(3 * ROWS)
  expect(tasks.length).toBeGreaterThan(100)
  expect(tasks.filter(({ worked }) => worked > 50)).toEqual([])
})
