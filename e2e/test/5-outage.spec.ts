import { expect } from '@playwright/test'
import { realTime } from '../src/real-time.ts'
import { FarmPage } from '../src/farm-page.ts'
import { soon, test } from '../src/farm-test.ts'
import { Heartbeat } from '../src/heartbeat.ts'
import { MAX_DELAY, RETRY_DELAY, RETRY_JITTER, SLACK } from '../src/job-cache-contract.ts'
import { LONG_RENDER } from '../src/scenes.ts'
import { gaps, mostWithin, naming, pauses } from '../src/status-call.ts'

const JOBS = 60
const OUTAGE = 20_000
/** F5, F14: ms from the first failed call to the whole retry, from that to the first probe, and from each probe to the next. */
const RETRY_GAPS = [1, 1, 2, 4, 8].map((factor) => factor * RETRY_DELAY)

test('5: through 20 s of failures the values stay, the error shows, and ever fewer calls are made; then all recover', async ({
  tab,
  wire,
  farm,
}) => {
  await farm.submit(JOBS, LONG_RENDER)
  const page = await FarmPage.open(tab, wire.url, JOBS)
  await soon(() => wire.calls.some(({ answeredAt }) => answeredAt !== undefined)).toBe(true)

  const heartbeat = new Heartbeat()
  await farm.setFaults({ errorRate: 1 })
  const failingSince = Date.now()
  await soon(async () => (await page.failing()).length).toBe(await unfinishedOf(page))
  const before = values(await page.jobs())
  // The test is about these seconds.
  await realTime(OUTAGE - (Date.now() - failingSince))
  expect(values(await page.jobs())).toEqual(before)
  expect(await page.failing()).toHaveLength(await unfinishedOf(page))
  expect(await page.condition()).toBe('outage')

  const failed = wire.callsSince(failingSince).filter(({ status }) => status === 503)
  gaps(failed).forEach((gap, index) => {
    expect(gap).toBeGreaterThanOrEqual(RETRY_GAPS[index] ?? MAX_DELAY)
  })
  pauses(failed, heartbeat.end()).forEach((pause, index) => {
    expect(pause).toBeLessThan((RETRY_GAPS[index] ?? MAX_DELAY) * (1 + RETRY_JITTER) + SLACK)
  })
  // F5: the first retry contains all items that failed together. F11: after that a single item is probed at a time.
  const [first, retry, ...probes] = failed.map(({ ids }) => ids)
  expect(new Set(retry)).toEqual(new Set(first))
  expect(probes.map((ids) => ids.length)).toEqual(probes.map(() => 1))
  expect(failed.length).toBeGreaterThanOrEqual(RETRY_GAPS.length)

  await farm.cancelAll()
  await farm.heal()
  const healedAt = Date.now()
  // F14: the next probe comes within the longest delay. F5: the others follow it at once.
  const bound = MAX_DELAY * (1 + RETRY_JITTER) + SLACK
  await soon(() => page.countIn('finished'), bound + 2 * SLACK).toBe(JOBS)
  await soon(() => page.failing()).toEqual([])
  await soon(() => page.condition()).toBe('running')
  // The jobs are all asked for within the bound, and none more than once.
  const healing = wire.callsSince(healedAt)
  for (const { startedAt } of healing) expect(startedAt).toBeLessThan(healedAt + bound)
  const ids = healing.flatMap((call) => call.ids)
  expect(new Set(ids).size).toBe(ids.length)
})

test('5: if a user refreshes often in an outage, the cache makes one call per second; the first success refreshes all', async ({
  tab,
  wire,
  farm,
}) => {
  await farm.submit(JOBS, LONG_RENDER)
  const page = await FarmPage.open(tab, wire.url, JOBS)
  await soon(() => wire.calls.some(({ answeredAt }) => answeredAt !== undefined)).toBe(true)
  await farm.setFaults({ errorRate: 1 })
  await soon(() => page.condition()).toBe('outage')

  const clickingSince = Date.now()
  for (let click = 0; click < 20; click++) {
    await page.refreshNow()
    await realTime(RETRY_DELAY / 5)
  }
  const asked = wire.callsSince(clickingSince)
  const seconds = (Date.now() - clickingSince) / 1000
  // S15: one call per second that was asked for. F14: beside these, the probes, with pauses of 1, 2 and 4 s.
  expect(asked.length).toBeGreaterThanOrEqual(2)
  expect(asked.length).toBeLessThanOrEqual(seconds + 1 + Math.log2(seconds + 1))
  expect(mostWithin(RETRY_DELAY * 0.9, asked)).toBeLessThanOrEqual(2)
  expect(await page.condition()).toBe('outage')

  await farm.cancelAll()
  await farm.heal()
  const healedAt = Date.now()
  await page.refreshNow()
  // G8: at once, not only at the next probe, which may be 15 s away.
  await soon(() => page.countIn('finished'), RETRY_DELAY + 4 * SLACK).toBe(JOBS)
  await soon(() => page.condition()).toBe('running')
  // S8: a job in a retry that began before the rest was asked for is asked for once more, and no more often.
  const calls = wire.callsSince(healedAt)
  for (const id of new Set(calls.flatMap(({ ids }) => ids))) {
    expect(naming(id, calls).length).toBeLessThanOrEqual(2)
  }
})

async function unfinishedOf(page: FarmPage): Promise<number> {
  return JOBS - (await page.countIn('finished'))
}

function values(jobs: Awaited<ReturnType<FarmPage['jobs']>>): object[] {
  return jobs.map(({ panel, id, state, rows }) => ({ panel, id, state, rows }))
}
