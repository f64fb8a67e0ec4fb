import { expect } from '@playwright/test'
import { FarmPage } from '../src/farm-page.ts'
import { soon, test } from '../src/farm-test.ts'
import { INTERVAL, JITTER, SLACK, TIMEOUT } from '../src/job-cache-contract.ts'
import { LONG_RENDER } from '../src/scenes.ts'
import { refreshedSince } from '../src/status-call.ts'

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

  // Its answer never comes.
  const hanging = await wire.holdNextAnswer()
  const stuck = new Set(hanging.ids)
  const jobs = await farm.jobs()
  const others = jobs.filter((job) => job.state === 'queued' && !stuck.has(job.id)).map(({ id }) => id)
  expect(others.length).toBeGreaterThan(40)

  // Twice, so that it is no coincidence: all of the others are refreshed within their interval.
  const fresh = (1 + JITTER) * INTERVAL + SLACK
  for (const changed of [others[0] ?? '', others.at(-1) ?? '']) {
    const since = Date.now()
    await farm.cancel(changed)
    await soon(() => page.countIn('cancelled', [changed]), fresh).toBe(1)
    await soon(
      async () => missing(await page.unfinished(others), refreshedSince(since, wire.calls)),
      fresh,
    ).toEqual([])
  }
  expect(await page.failing()).toEqual([])
  expect(Date.now()).toBeLessThan(hanging.startedAt + TIMEOUT)

  await soon(async () => (await page.failing()).length, TIMEOUT).toBeGreaterThan(0)
  expect((await page.failing()).every((id) => stuck.has(id))).toBe(true)
  expect(Date.now()).toBeGreaterThanOrEqual(hanging.startedAt + TIMEOUT - SLACK)
  await soon(() => page.failing(), (1 + JITTER) * INTERVAL + SLACK).toEqual([])
})

test('6: a 429 with Retry-After is followed by silence for that long, and then by fresh values', async ({
  tab,
  wire,
  farm,
}) => {
  await farm.submit(JOBS, LONG_RENDER)
  const page = await FarmPage.open(tab, wire.url, JOBS)
  await soon(() => wire.calls.some(({ answeredAt }) => answeredAt !== undefined)).toBe(true)

  await farm.setFaults({ retryAfter: RETRY_AFTER })
  await soon(() => wire.calls.filter(({ status }) => status === 429).length).toBe(1)
  const refused = wire.calls.find(({ status }) => status === 429)
  const refusedAt = refused?.startedAt ?? Infinity
  await farm.heal()
  await farm.cancelAll()
  await soon(async () => (await page.failing()).length).toBeGreaterThan(0)

  await soon(() => wire.callsSince(refusedAt + 1).length).toBe(1)
  const silence = (wire.callsSince(refusedAt + 1)[0]?.startedAt ?? 0) - refusedAt
  expect(silence).toBeGreaterThanOrEqual(RETRY_AFTER * 1000)
  expect(silence).toBeLessThan(RETRY_AFTER * 1000 * 1.25 + SLACK)
  await soon(() => page.countIn('finished')).toBe(JOBS)
  expect(await page.failing()).toEqual([])
})

function missing(ids: readonly string[], from: ReadonlySet<string>): string[] {
  return ids.filter((id) => !from.has(id))
}
