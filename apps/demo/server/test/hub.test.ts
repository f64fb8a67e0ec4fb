import { SharedAutoRefresh } from '@auto-refresh/share'
import { hubClient } from '@auto-refresh/share/hub-client'
import { expect, it, onTestFinished } from 'vitest'
import type { HubReport, Job } from '../src/api.ts'
import { findProgram } from '../src/servers/store.ts'
import { SLOW } from './scenes.ts'
import { eventually, readBody, startFarm } from './start-farm.ts'

it('pushes jobs to its clients, by one status request an interval for all of them', async () => {
  const farm = await startFarm({ hasHub: true, rowTime: 20 })
  const id = await farm.submit(SLOW)
  const clients = ['one', 'two', 'three'].map((group) =>
    new SharedAutoRefresh<Job>({
      ...hubClient<Job>({ url: `${farm.url}/hub` }),
      interval: 1000,
      group,
    }).start(),
  )
  onTestFinished(async () => {
    await Promise.all(clients.map((client) => client.stop()))
  })
  for (const client of clients) client.getOrCreate(id)
  await eventually(
    async () => (clients.every((client) => client.get(id)?.state === 'running') ? true : undefined),
    'the job to run',
  )
  const { status } = await farm.traffic()
  const seconds = (Date.now() - (await farm.traffic()).since) / 1000
  expect(status.requests).toBeLessThanOrEqual(seconds + 2)
  expect(await readBody<HubReport>(await farm.send('GET', '/api/hub'), 200)).toEqual({ browsers: 3 })
  for (const client of clients) expect(client.stats().syncCalls).toBe(0)
})

it('finds a program in the folders of the PATH, the first name first', () => {
  const path = process.env['PATH'] ?? ''
  expect(findProgram(['no-such-program', 'sh'], path)).toMatch(/\/sh$/)
  expect(findProgram(['no-such-program'], path)).toBeUndefined()
  expect(findProgram(['sh'], '')).toBeUndefined()
})
