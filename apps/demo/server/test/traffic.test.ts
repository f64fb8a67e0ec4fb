import { expect, it } from 'vitest'
import { TrafficCounter } from '../src/traffic.ts'
import { SLOW, WHOLE_SET } from './scenes.ts'
import { startFarm } from './start-farm.ts'

it('counts jobs, pictures, and what was asked and answered', async () => {
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

  const { status, ...rest } = await farm.traffic()
  expect(rest).toEqual({ since: 1_000_000, submitted: 2, cancelled: 1, images: 1 })
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

it('does not count what it refuses to read', async () => {
  const farm = await startFarm()
  await farm.send('POST', '/api/jobs/status', { jobs: 'all' })
  await farm.send('POST', '/api/jobs', {})
  expect(await farm.traffic()).toMatchObject({ submitted: 0, status: { requests: 0 } })
})

it('has the requests of each of the last 60 seconds', () => {
  let now = 0
  const traffic = new TrafficCounter(() => now)
  for (; now < 100_000; now += 250) traffic.statusAsked(1)
  now = 100_100
  traffic.statusAsked(1)
  const { perSecond } = traffic.report().status
  expect(perSecond).toEqual([...Array.from({ length: 59 }, () => 4), 1])
  now = 150_000
  expect(traffic.report().status.perSecond.filter((count) => count > 0)).toHaveLength(10)
})
