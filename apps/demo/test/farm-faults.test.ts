/** The cache of the page against the real farm, over HTTP, while things go wrong. */
import { InMemoryAutoRefresh, until, type AutoRefreshOptions } from '@auto-refresh/core'
import type { Faults, Job, Scene } from '@auto-refresh/demo-server/api'
import { startFarmProcess, type FarmProcess } from '@auto-refresh/demo-server/testing'
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { FarmClient } from '../src/farm-client.ts'
import { isFinished } from '@auto-refresh/demo-server/job'
import { syncJobs } from '@auto-refresh/demo-server/sync-jobs'

const INTERVAL = 100
const HEALTHY: Faults = { latency: 0, errorRate: 0, hang: false, retryAfter: null, poisonedIds: [] }
const SCENE: Scene = {
  kind: 'mandelbrot',
  center: { re: -0.5, im: 0 },
  span: 3,
  width: 96,
  height: 64,
  maxIterations: 500,
}
/** Milliseconds that a busy machine may take. */
const PATIENCE = { timeout: 60_000 }

/** Not over before the test is. */
const LONG: Scene = {
  ...SCENE,
  width: 1024,
  height: 1024,
  center: { re: 0, im: 0 },
  span: 0.1,
  maxIterations: 300,
}

let farmProcess: FarmProcess
let farm: FarmClient

beforeAll(async () => {
  farmProcess = await startFarmProcess()
  farm = new FarmClient(farmProcess.url)
})

beforeEach(async () => {
  await farm.setFaults(HEALTHY)
  await farm.cancelAll()
})

afterAll(() => farmProcess.stop())

function startCache(options: Partial<AutoRefreshOptions<Job>> = {}): InMemoryAutoRefresh<Job> {
  const sync = syncJobs(farmProcess.url)
  const cache = new InMemoryAutoRefresh<Job>({ sync, interval: INTERVAL, isTerminal: isFinished, ...options })
  onTestFinished(() => cache.stop())
  return cache.start()
}

async function submit(count: number, scene: Scene): Promise<Job[]> {
  const jobs: Job[] = []
  while (jobs.length < count) jobs.push((await farm.submit(scene)).job)
  return jobs
}

/** All in one turn: what is put in one by one is refreshed at once, one by one. */
function put(cache: InMemoryAutoRefresh<Job>, jobs: readonly Job[]): string[] {
  for (const job of jobs) cache.getOrCreate(job.id, job)
  return jobs.map(({ id }) => id)
}

async function statusRequests(): Promise<number> {
  return (await farmProcess.traffic()).status.requests
}

it('follows many jobs to their ends with few requests, and then asks no more', async () => {
  const before = await farmProcess.traffic()
  const cache = startCache()
  const ids = put(cache, await submit(40, SCENE))
  const jobs = await Promise.all(ids.map((id) => until(cache, id)))
  expect(jobs.map(({ state }) => state)).toEqual(ids.map(() => 'succeeded'))

  const { status } = await farmProcess.traffic()
  const requests = status.requests - before.status.requests
  expect(status.ids - before.status.ids).toBeGreaterThan(requests * 5)
  await new Promise((resolve) => setTimeout(resolve, 3 * INTERVAL))
  expect(await statusRequests()).toBe(status.requests)
})

it('drops a job that the farm does not know', async () => {
  const cache = startCache()
  const [id = ''] = put(cache, await submit(1, SCENE))
  const job = cache.getOrThrow(id)
  cache.getOrCreate('unknown', job)
  await expect(until(cache, 'unknown')).rejects.toMatchObject({ code: 'DELETED' })
  await until(cache, id)
})

it('keeps the others fresh while one id fails every batch that it is in', async () => {
  const cache = startCache()
  const jobs = await submit(20, SCENE)
  const [poisoned = '', ...others] = jobs.map(({ id }) => id)
  await farm.setFaults({ ...HEALTHY, poisonedIds: [poisoned] })
  put(cache, jobs)
  const ended = await Promise.all(others.map((id) => until(cache, id)))
  expect(ended.every(({ state }) => state === 'succeeded')).toBe(true)
  expect(cache.getSnapshot(poisoned)).toMatchObject({ status: 'active', error: { status: 500 } })

  await farm.setFaults(HEALTHY)
  expect((await until(cache, poisoned)).state).toBe('succeeded')
})

it('waits as long as a 429 asks for', async () => {
  const sync = syncJobs(farmProcess.url)
  const calledAt: number[] = []
  const cache = startCache({
    sync: (batch, context) => {
      calledAt.push(performance.now())
      return sync(batch, context)
    },
  })
  const jobs = await submit(5, LONG)
  await farm.setFaults({ ...HEALTHY, retryAfter: 1 })
  const [id = ''] = put(cache, jobs)
  await vi.waitFor(
    () => expect(cache.getSnapshot(id).error).toMatchObject({ status: 429, retryAfter: 1000 }),
    PATIENCE,
  )
  await farm.setFaults(HEALTHY)
  await vi.waitFor(() => expect(cache.getSnapshot(id).error).toBeUndefined(), PATIENCE)
  const [first = NaN, second = NaN] = calledAt
  expect(second - first).toBeGreaterThanOrEqual(1000)
})

it('gives up on a request that hangs, probes, and recovers', async () => {
  const cache = startCache({ timeout: 200, retry: { maxDelay: 400 } })
  const ids = put(cache, await submit(10, LONG))
  await farm.setFaults({ ...HEALTHY, hang: true })
  await vi.waitFor(
    () => expect(cache.getSnapshot(ids[0] ?? '').error).toMatchObject({ code: 'TIMEOUT' }),
    PATIENCE,
  )
  await farm.setFaults(HEALTHY)
  await farm.cancelAll()
  const jobs = await Promise.all(ids.map((id) => until(cache, id)))
  expect(jobs.every(({ state }) => state === 'cancelled')).toBe(true)
  for (const id of ids) expect(cache.getSnapshot(id)).toMatchObject({ error: undefined, failureCount: 0 })
})

it('asks less, not more, while everything fails', async () => {
  // As the page does: once a second.
  const cache = startCache({ interval: 1000 })
  await farm.setFaults({ ...HEALTHY, errorRate: 1 })
  put(cache, await submit(30, LONG))
  const before = await statusRequests()
  await new Promise((resolve) => setTimeout(resolve, 10_000))
  // The contract's bound: a normal round, and six calls in the first ten seconds.
  expect((await statusRequests()) - before).toBeLessThanOrEqual(1 + 6)
})
