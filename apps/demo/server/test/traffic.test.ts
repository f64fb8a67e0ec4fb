import { expect, it } from 'vitest'
import { StatusCounter } from '../src/status-counter.ts'
import { SLOW, WHOLE_SET } from './scenes.ts'
import { startFarm } from './start-farm.ts'

it('counts jobs, pictures, requests and answers', async () => {
  const farm = await startFarm({ now: () => 1_000_000 })
  const id = await farm.submit(WHOLE_SET)
  const job = await farm.until(id, 'succeeded')
  await farm.cancel(await farm.submit(SLOW))
  await farm.send('GET', job.image ?? '')
  const [answer] = await farm.status([{ id }, { id: 'x' }, { id: 'y' }])
  if (answer?.status !== 'changed') throw new Error('The caller had no version yet')
  await farm.status([{ id, version: answer.version }])
  await farm.setFaults({ retryAfter: 1 })
  await farm.send('POST', '/api/jobs/status', { jobs: [] })
  await farm.setFaults({ errorRate: 1 })
  await farm.send('POST', '/api/jobs/status', { jobs: [] })

  const { status, timers, nodes, ...rest } = await farm.traffic()
  expect(rest).toEqual({ since: 1_000_000, submitted: 2, cancelled: 1, images: 1 })
  expect(timers.requests).toBe(0)
  expect(nodes.requests).toBe(0)
  const { perSecond, ...counters } = status
  expect(counters).toEqual({
    requests: 4,
    inFlight: 0,
    mostInFlight: 1,
    ids: 4,
    mostIds: 3,
    changed: 1,
    unchanged: 1,
    gone: 2,
    answered: 2,
    rateLimited: 1,
    failed: 1,
    abandoned: 0,
  })
  expect(perSecond).toHaveLength(60)
  expect(perSecond.at(-1)).toBe(4)
})

it('counts the requests of timers per job apart from the others', async () => {
  const farm = await startFarm()
  await farm.send('POST', '/api/jobs/status?asked-by=timer', { jobs: [{ id: 'x' }] })
  await farm.send('POST', '/api/jobs/status?asked-by=timer', { jobs: [{ id: 'y' }] })
  await farm.status([{ id: 'x' }, { id: 'y' }])
  expect(await farm.traffic()).toMatchObject({
    status: { requests: 1, ids: 2, gone: 2 },
    timers: { requests: 2, ids: 2, gone: 2, mostIds: 1, answered: 2, inFlight: 0 },
  })
})

it('counts the requests to the fleet', async () => {
  const farm = await startFarm({ now: () => 0 })
  const [answer] = await farm.nodeStatus([{ id: 'node-01' }, { id: 'node-02' }, { id: 'none' }])
  if (answer?.status !== 'changed') throw new Error('The caller had no version yet')
  await farm.nodeStatus([{ id: 'node-01', version: answer.version }])
  expect((await farm.traffic()).nodes).toEqual({ requests: 2, ids: 4, changed: 2, unchanged: 1 })
})

it('does not count refused requests', async () => {
  const farm = await startFarm()
  await farm.send('POST', '/api/jobs/status', { jobs: 'all' })
  await farm.send('POST', '/api/jobs', {})
  expect(await farm.traffic()).toMatchObject({ submitted: 0, status: { requests: 0 } })
})

it('has the requests of each of the last 60 seconds', () => {
  let now = 0
  const counter = new StatusCounter(() => now)
  for (; now < 100_000; now += 250) counter.asked(1)
  now = 100_100
  counter.asked(1)
  const { perSecond } = counter.report()
  expect(perSecond).toEqual([...Array.from({ length: 59 }, () => 4), 1])
  now = 150_000
  expect(counter.report().perSecond.filter((count) => count > 0)).toHaveLength(10)
})
