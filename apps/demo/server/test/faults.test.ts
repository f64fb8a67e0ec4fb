import { expect, it } from 'vitest'
import { NO_FAULTS, type ErrorBody, type Faults } from '../src/api.ts'
import { WHOLE_SET } from './scenes.ts'
import { eventually, readBody, startFarm } from './start-farm.ts'

const ask = { jobs: [{ id: 'a' }, { id: 'b' }] }

it('has none to begin with, and none after DELETE', async () => {
  const farm = await startFarm()
  expect(await readBody<Faults>(await farm.send('GET', '/api/faults'), 200)).toEqual(NO_FAULTS)
  await farm.setFaults({ errorRate: 1 })
  expect(await readBody<Faults>(await farm.send('DELETE', '/api/faults'), 200)).toEqual(NO_FAULTS)
  expect((await farm.send('POST', '/api/jobs/status', ask)).status).toBe(200)
})

it('switches off what a PUT leaves out', async () => {
  const farm = await startFarm()
  await farm.setFaults({ errorRate: 1, latency: 5 })
  expect(await farm.setFaults({ latency: 7 })).toEqual({ ...NO_FAULTS, latency: 7 })
})

it('touches status requests only', async () => {
  const farm = await startFarm()
  await farm.setFaults({ errorRate: 1, retryAfter: 10 })
  const id = await farm.submit(WHOLE_SET)
  await farm.until(id, 'succeeded')
  expect((await farm.send('GET', `/api/jobs/${id}/image`)).status).toBe(200)
})

it('latency: answers late', async () => {
  const farm = await startFarm()
  await farm.setFaults({ latency: 300 })
  const start = performance.now()
  await farm.status([])
  // Timers may fire a moment early.
  expect(performance.now() - start).toBeGreaterThan(295)
})

it('errorRate: answers that share of requests with 503', async () => {
  let draw = 0
  const farm = await startFarm({ random: () => draw })
  await farm.setFaults({ errorRate: 0.3 })
  draw = 0.31
  expect((await farm.send('POST', '/api/jobs/status', ask)).status).toBe(200)
  draw = 0.29
  const failed = await farm.send('POST', '/api/jobs/status', ask)
  expect((await readBody<ErrorBody>(failed, 503)).error).toContain('errorRate')
})

it('hang: answers when it is switched off, or never', async () => {
  const farm = await startFarm()
  await farm.setFaults({ hang: true })
  const leaving = farm.send('POST', '/api/jobs/status', ask, { signal: AbortSignal.timeout(200) })
  await expect(leaving).rejects.toThrow('timeout')
  await eventually(async () => {
    const { status } = await farm.traffic()
    return status.abandoned === 1 && status.inFlight === 0 ? true : undefined
  }, 'the farm to notice that the caller left')

  let settled = false
  const waiting = farm.status([{ id: 'a' }]).finally(() => (settled = true))
  await eventually(
    async () => ((await farm.traffic()).status.inFlight === 1 ? true : undefined),
    'the request',
  )
  await farm.setFaults({ hang: true, latency: 10 })
  expect(settled).toBe(false)
  await farm.setFaults({})
  expect(await waiting).toEqual([{ id: 'a', status: 'gone' }])
})

it('retryAfter: answers 429', async () => {
  const farm = await startFarm()
  await farm.setFaults({ retryAfter: 7 })
  const response = await farm.send('POST', '/api/jobs/status', ask)
  expect(response.headers.get('retry-after')).toBe('7')
  await readBody<ErrorBody>(response, 429)
})

it('poisonedIds: fails every request that names one', async () => {
  const farm = await startFarm()
  await farm.setFaults({ poisonedIds: ['b', 'c'] })
  const poisoned = await farm.send('POST', '/api/jobs/status', ask)
  expect((await readBody<ErrorBody>(poisoned, 500)).error).toBe('Job b is poisoned (fault: poisonedIds)')
  expect(await farm.status([{ id: 'a' }])).toHaveLength(1)
})
