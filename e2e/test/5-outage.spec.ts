import { expect } from '@playwright/test'
import { realTime } from '../src/real-time.ts'
import { FarmPage } from '../src/farm-page.ts'
import { soon, test } from '../src/farm-test.ts'
import { Heartbeat } from '../src/heartbeat.ts'
import { INTERVAL, MAX_DELAY, RETRY_JITTER, SLACK } from '../src/job-cache-contract.ts'
import { LONG_RENDER } from '../src/scenes.ts'
import { gaps, pauses } from '../src/status-call.ts'

const JOBS = 60
const OUTAGE = 20_000
/** F6: ms from the third failed call to the first probe, and from each probe to the next one. */
const PROBE_GAPS = [1, 1, 2, 4, 8].map((intervals) => intervals * INTERVAL)

test('5: through 20 s of failures the values stay, the error shows, and ever fewer calls are made; then all heals', async ({
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
  // The passing of these seconds is what is tested.
  await realTime(OUTAGE - (Date.now() - failingSince))
  expect(values(await page.jobs())).toEqual(before)
  expect(await page.failing()).toHaveLength(await unfinishedOf(page))
  expect(await page.condition()).toBe('outage')

  const failed = wire.callsSince(failingSince).filter(({ status }) => status === 503)
  // The third call, which begins the outage, is one of two: F5 halves what failed twice.
  const [, , third, sibling, ...probes] = failed
  if (third === undefined || sibling === undefined) throw new Error('There was no outage')
  gaps([third, ...probes]).forEach((gap, index) => {
    expect(gap).toBeGreaterThanOrEqual(PROBE_GAPS[index] ?? MAX_DELAY)
  })
  pauses([third, ...probes], heartbeat.end()).forEach((pause, index) => {
    expect(pause).toBeLessThan((PROBE_GAPS[index] ?? MAX_DELAY) + SLACK)
  })
  expect(probes.length).toBeGreaterThanOrEqual(PROBE_GAPS.length - 1)
  // Each asks for at most half as many.
  const sizes = [third.ids.length, ...probes.map(({ ids }) => ids.length)]
  sizes.slice(1).forEach((size, index) => {
    expect(size).toBeLessThanOrEqual(Math.max(1, Math.ceil((sizes[index] ?? 0) / 2)))
  })

  await farm.cancelAll()
  await farm.heal()
  const healedAt = Date.now()
  // F6: the next probe comes within the longest delay. F2: what failed in a probe itself may wait a little longer.
  const bound = MAX_DELAY * (1 + RETRY_JITTER) + SLACK
  await soon(() => page.countIn('finished'), bound + 2 * SLACK).toBe(JOBS)
  await soon(() => page.failing()).toEqual([])
  await soon(() => page.condition()).toBe('running')
  // All were asked for within the bound, and none more than once.
  const healing = wire.callsSince(healedAt)
  for (const { startedAt } of healing) expect(startedAt).toBeLessThan(healedAt + bound)
  const ids = healing.flatMap((call) => call.ids)
  expect(new Set(ids).size).toBe(ids.length)
})

async function unfinishedOf(page: FarmPage): Promise<number> {
  return JOBS - (await page.countIn('finished'))
}

function values(jobs: Awaited<ReturnType<FarmPage['jobs']>>): object[] {
  return jobs.map(({ panel, id, state, rows }) => ({ panel, id, state, rows }))
}
