import { expect } from '@playwright/test'
import { eventually } from '../src/deadline.ts'
import { FarmPage } from '../src/farm-page.ts'
import { soon, test } from '../src/farm-test.ts'
import { INTERVAL, JITTER, RETRY_JITTER, SLACK, TIMEOUT } from '../src/job-cache-contract.ts'
import { LONG_RENDER } from '../src/scenes.ts'
import { gaps, naming, pauses, refreshedSince, type StatusCall } from '../src/status-call.ts'

/** More than go into one call. */
const MANY_JOBS = 150
const JOBS = 60
/** Seconds. */
const RETRY_AFTER = 3

test('6: while one call hangs, the jobs that are not in it stay fresh; those in it are fresh again after its timeout', async ({
  tab,
  wire,
  farm,
}) => {
  await farm.submit(MANY_JOBS, LONG_RENDER)
  const page = await FarmPage.open(tab, wire.url, MANY_JOBS)
  await soon(() => refreshedSince(0, wire.calls).size).toBe(MANY_JOBS)

  await page.watchStates()
  // Its answer never comes.
  const hanging = await wire.holdNextAnswer()
  const stuck = new Set(hanging.ids)
  const jobs = await farm.jobs()
  const others = jobs.filter((job) => job.state === 'queued' && !stuck.has(job.id)).map(({ id }) => id)
  expect(others.length).toBeGreaterThan(40)

  const [first = '', last = ''] = [others[0], others.at(-1)]
  await farm.cancel(first)
  await farm.cancel(last)
  await soon(() => page.countIn('cancelled', [first, last])).toBe(2)
  expect(await page.failing()).toEqual([])
  expect(hanging.abandonedAt).toBeUndefined()

  // T1. The page's own clock says how long that is, and how many intervals: of five, one was over when the call began.
  await soon(() => hanging.abandonedAt, TIMEOUT + SLACK).toBeDefined()
  const { startedAt, abandonedAt = 0 } = hanging
  expect(abandonedAt - startedAt).toBeGreaterThanOrEqual(TIMEOUT - SLACK)
  const meanwhile = wire
    .callsSince(startedAt)
    .filter((call) => call !== hanging && call.startedAt < abandonedAt && call.status === 200)
  const rounds = Math.floor(TIMEOUT / (INTERVAL * (1 + JITTER))) - 1
  for (const id of await page.unfinished(others)) {
    expect(naming(id, meanwhile).length).toBeGreaterThanOrEqual(rounds)
  }
  // S3: nobody asks for those in it before it is given up.
  expect(meanwhile.filter(({ ids }) => ids.some((id) => stuck.has(id)))).toEqual([])

  // F1, F2: they are failing now, and fresh after the next interval.
  await soon(async () => (await page.haveFailed()).length).toBeGreaterThan(0)
  expect((await page.haveFailed()).every((id) => stuck.has(id))).toBe(true)
  await soon(() => page.failing()).toEqual([])
  for (const id of await page.unfinished([...stuck])) {
    const again = naming(id, wire.callsSince(abandonedAt))[0]
    expect(again?.startedAt).toBeLessThan(abandonedAt + (1 + JITTER) * INTERVAL + SLACK)
  }
})

test('6: a 429 with Retry-After is followed by silence for that long, and then by fresh values', async ({
  tab,
  wire,
  farm,
}) => {
  await farm.submit(JOBS, LONG_RENDER)
  const page = await FarmPage.open(tab, wire.url, JOBS)
  await soon(() => wire.calls.some(({ answeredAt }) => answeredAt !== undefined)).toBe(true)

  await page.watchStates()
  await farm.setFaults({ retryAfter: RETRY_AFTER })
  const refused = await eventually(() => wire.calls.find(isRefused), {
    within: 30 * INTERVAL,
    awaited: 'a call that is refused',
  })
  await farm.heal()
  await farm.cancelAll()
  await soon(async () => (await page.haveFailed()).length).toBeGreaterThan(0)

  const next = await eventually(() => wire.calls[wire.calls.indexOf(refused) + 1], {
    within: 30 * INTERVAL,
    awaited: 'the call after it',
  })
  expect(gaps([refused, next])[0]).toBeGreaterThanOrEqual(RETRY_AFTER * 1000)
  expect(pauses([refused, next])[0]).toBeLessThan(RETRY_AFTER * 1000 * (1 + RETRY_JITTER) + SLACK)
  await soon(() => page.countIn('finished')).toBe(JOBS)
  expect(await page.failing()).toEqual([])
})

function isRefused({ status }: StatusCall): boolean {
  return status === 429
}
