import { expect } from '@playwright/test'
import { FarmPage } from '../src/farm-page.ts'
import { soon, test } from '../src/farm-test.ts'
import { INTERVAL, JITTER, SLACK } from '../src/job-cache-contract.ts'
import { LONG_RENDER } from '../src/scenes.ts'
import { refreshedSince } from '../src/status-call.ts'

const JOBS = 100
/** F5: after the second failure in a row of a call of 100, one is alone after so many further rounds of one interval. */
const ROUNDS = 2 + Math.ceil(Math.log2(JOBS))

test(`7: one poisonous id among ${JOBS} is alone after ${ROUNDS} rounds, and the other 99 are fresh`, async ({
  tab,
  wire,
  farm,
}) => {
  const jobs = await farm.submit(JOBS, LONG_RENDER)
  const poisonous = jobs[70]?.id ?? ''
  const page = await FarmPage.open(tab, wire.url, JOBS)
  await soon(() => wire.calls.some(({ answeredAt }) => answeredAt !== undefined)).toBe(true)

  await farm.setFaults({ poisonedIds: [poisonous] })
  await soon(() => wire.calls.some(({ status }) => status === 500)).toBe(true)
  const first = wire.calls.find(({ status }) => status === 500)
  const poisonedAt = first?.startedAt ?? 0
  expect(first?.ids.length).toBeGreaterThan(95)

  const bound = ROUNDS * INTERVAL * (1 + JITTER) + SLACK
  const others = await page.unfinished(jobs.map(({ id }) => id).filter((id) => id !== poisonous))
  await soon(async () => {
    const refreshed = refreshedSince(poisonedAt, wire.calls)
    return (await page.unfinished(others)).filter((id) => !refreshed.has(id))
  }, bound).toEqual([])
  await soon(() => page.failing()).toEqual([poisonous])
  expect(Date.now()).toBeLessThan(poisonedAt + bound)
  await soon(() => wire.calls.some(({ ids, status }) => status === 500 && ids.length === 1)).toBe(true)
  expect(Date.now()).toBeLessThan(poisonedAt + bound)

  // And fresh they stay: what changes is seen at the next look.
  await farm.cancelAll()
  await soon(() => page.countIn('finished', others), INTERVAL * (1 + JITTER) + SLACK).toBe(others.length)
  expect(await page.failing()).toEqual([poisonous])
})
