import { expect } from '@playwright/test'
import { realTime } from '../src/real-time.ts'
import { FarmPage } from '../src/farm-page.ts'
import { RENDERED, soon, test } from '../src/farm-test.ts'

// Soon rendered, and slowly enough that the progress is seen.
test.use({ rowTime: 1 })

test('1: jobs that a user submits show progress, then pictures, and are then not polled any more', async ({
  tab,
  wire,
  farm,
}) => {
  const page = await FarmPage.open(tab, wire.url)
  await page.submit(12, 'julia')
  await soon(() => page.jobIds()).toHaveProperty('size', 12)

  await soon(async () => {
    const jobs = await page.jobs()
    return jobs.some(({ state, rows }) => state === 'running' && rows.done > 0 && rows.done < rows.total)
  }).toBe(true)

  await soon(() => page.countIn('succeeded'), RENDERED).toBe(12)
  await soon(async () => {
    await page.lookForPictures()
    return (await page.jobs()).map(({ pictureWidth }) => pictureWidth)
  }).not.toContain(0)
  expect((await farm.jobs()).map(({ state }) => state)).toEqual(Array.from({ length: 12 }, () => 'succeeded'))

  const asked = await farm.statusRequests()
  // The test is that nothing happens for three intervals.
  await realTime(3000)
  expect(await farm.statusRequests()).toBe(asked)
})
