import { expect } from '@playwright/test'
import { FarmPage } from '../src/farm-page.ts'
import { soon, test } from '../src/farm-test.ts'
import { Heartbeat } from '../src/heartbeat.ts'
import { ISOLATED_WITHIN, SLACK } from '../src/job-cache-contract.ts'
import { LONG_RENDER } from '../src/scenes.ts'
import { naming, type StatusCall } from '../src/status-call.ts'

const JOBS = 100
/** F5: a call of 100 fails, is retried whole, and then in halves until one is alone. */
const ROUNDS = 2 + Math.ceil(Math.log2(JOBS))

test(`7: one poisonous id among ${JOBS} is isolated within ${ROUNDS} calls and ${ISOLATED_WITHIN / 1000} s, and the other 99 are fresh`, async ({
  tab,
  wire,
  farm,
}) => {
  const jobs = await farm.submit(JOBS, LONG_RENDER)
  const poisonous = jobs[70]?.id ?? ''
  const page = await FarmPage.open(tab, wire.url, JOBS)
  await soon(() => wire.calls.some(({ answeredAt }) => answeredAt !== undefined)).toBe(true)

  const heartbeat = new Heartbeat()
  await farm.setFaults({ poisonedIds: [poisonous] })
  // With what a busy machine adds to each call.
  await soon(() => wire.calls.some(isAlone), ISOLATED_WITHIN + ROUNDS * SLACK).toBe(true)
  const poisonedAt = wire.calls.find(({ status }) => status === 500)?.startedAt ?? Infinity
  const aloneAt = wire.calls.find(isAlone)?.startedAt ?? Infinity
  expect(heartbeat.end()(poisonedAt, aloneAt)).toBeLessThan(ISOLATED_WITHIN)
  const calls = wire.callsSince(poisonedAt)
  expect(calls[0]?.ids.length).toBeGreaterThan(95)
  const rounds = naming(poisonous, calls)
  expect(rounds.findIndex(isAlone) + 1).toBeLessThanOrEqual(ROUNDS)

  // Jobs that shared its retries are fresh in the next one.
  const others = await page.unfinished(jobs.map(({ id }) => id).filter((id) => id !== poisonous))
  expect(others.length).toBeGreaterThan(JOBS / 2)
  await soon(() => page.failing()).toEqual([poisonous])
  for (const id of others) {
    const asked = naming(id, wire.callsSince(poisonedAt))
    const good = asked.findIndex(({ status }) => status === 200)
    expect(good).toBeGreaterThanOrEqual(1)
    expect(good).toBeLessThan(ROUNDS)
    // The job stays fresh.
    expect(asked.slice(good).filter(({ status }) => status === 500)).toEqual([])
  }

  // Changes are seen at the next look.
  const cancelledAt = Date.now()
  await farm.cancelAll()
  await soon(() => page.countIn('finished', others)).toBe(others.length)
  for (const id of others) {
    expect(naming(id, wire.callsSince(cancelledAt)).length).toBeLessThanOrEqual(2)
  }
  expect(await page.failing()).toEqual([poisonous])
  // F6: one bad job is no outage.
  expect(await page.condition()).not.toBe('outage')
})

function isAlone({ ids, status }: StatusCall): boolean {
  return status === 500 && ids.length === 1
}
