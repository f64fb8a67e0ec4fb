import { expect } from '@playwright/test'
import { eventually } from '@auto-refresh/browsers'
import { FarmPage } from '../src/farm-page.ts'
import { soon, test } from '../src/farm-test.ts'
import { Heartbeat } from '../src/heartbeat.ts'
import { INTERVAL, JITTER, SLACK, TIMEOUT } from '../src/job-cache-contract.ts'
import { LONG_RENDER } from '../src/scenes.ts'
import { gaps, naming, pauses, refreshedSince, type StatusCall } from '../src/status-call.ts'

/** More jobs than one call contains. */
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
  const heartbeat = new Heartbeat()
  // Its answer never comes.
  const hanging = await wire.holdNextAnswer()
  const stuck = new Set(hanging.ids)
  const jobs = await farm.jobs()
  const others = jobs.filter((job) => job.state === 'queued' && !stuck.has(job.id)).map(({ id }) => id)
  expect(others.length).toBeGreaterThan(40)

  const changed = [others[0] ?? '', others.at(-1) ?? '']
  for (const id of changed) await farm.cancel(id)
  await soon(() => page.countIn('cancelled', changed)).toBe(changed.length)

  // T1
  await soon(() => hanging.abandonedAt).toBeDefined()
  const awakeBetween = heartbeat.end()
  const { startedAt, abandonedAt = 0 } = hanging
  expect(abandonedAt - startedAt).toBeGreaterThanOrEqual(TIMEOUT - SLACK)
  expect(awakeBetween(startedAt, abandonedAt)).toBeLessThan(TIMEOUT + SLACK)
  const meanwhile = wire
    .callsSince(startedAt)
    .filter((call) => call !== hanging && call.startedAt < abandonedAt && call.status === 200)
  for (const id of changed) expect(meanwhile.some((call) => bringsCancelled(id, call))).toBe(true)
  for (const id of await page.unfinished(others)) {
    const asked = naming(id, meanwhile)
    expect(asked.length).toBeGreaterThanOrEqual(2)
    for (const pause of pauses(asked, awakeBetween))
      expect(pause).toBeLessThan((1 + JITTER) * INTERVAL + SLACK)
  }
  // S3: the jobs in the call are in no other call before it times out.
  expect(meanwhile.filter(({ ids }) => ids.some((id) => stuck.has(id)))).toEqual([])

  // F1, F5: these jobs fail now, and are fresh after the first retry.
  await soon(async () => (await page.haveFailed()).length).toBeGreaterThan(0)
  expect((await page.haveFailed()).every((id) => stuck.has(id))).toBe(true)
  await soon(() => page.failing()).toEqual([])
  // By the same clock, the others were refreshed at most twice meanwhile.
  const [other = ''] = await page.unfinished(others)
  for (const id of await page.unfinished([...stuck])) {
    const calls = wire.callsSince(abandonedAt)
    const again = calls.findIndex(({ ids }) => ids.includes(id))
    expect(calls[again]?.status).toBe(200)
    expect(naming(other, calls.slice(0, again)).length).toBeLessThanOrEqual(2)
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
  const heartbeat = new Heartbeat()
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
  const [pause] = pauses([refused, next], heartbeat.end())
  // F8: all of them then, and no later.
  expect(pause).toBeLessThan(RETRY_AFTER * 1000 + SLACK)
  expect(new Set(next.ids)).toEqual(new Set(refused.ids))
  await soon(() => page.countIn('finished')).toBe(JOBS)
  expect(await page.failing()).toEqual([])
})

function bringsCancelled(id: string, { answers }: StatusCall): boolean {
  return answers.some(
    (answer) => answer.id === id && answer.status === 'changed' && answer.job.state === 'cancelled',
  )
}

function isRefused({ status }: StatusCall): boolean {
  return status === 429
}
