import { once } from 'node:events'
import { createServer } from 'node:http'
import { until } from '@auto-refresh/core'
import { expect, it } from 'vitest'
import { startJobs } from '../../../docs/recipes/fleet/jobs.ts'
import { Server } from '../src/server.ts'

it('the guide: two processes show a job until it is done, and one of them asks', async () => {
  await using server = await Server.start()
  let requests = 0
  const api = createServer((request, response) => {
    requests += 1
    const ids = new URL(request.url ?? '', 'http://localhost').searchParams.getAll('id')
    const state = requests < 2 ? 'running' : 'done'
    response.end(JSON.stringify(ids.map((id) => ({ id, item: { state } }))))
  }).listen(0, '127.0.0.1')
  await once(api, 'listening')
  const address = api.address()
  const url = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : ''
  const first = await startJobs(url, server.url)
  const second = await startJobs(url, server.url)
  for (const { jobs } of [first, second]) jobs.getOrCreate('job-7')
  const all = [first, second].map(({ jobs }) => until(jobs, 'job-7'))
  expect(await Promise.all(all)).toEqual([{ state: 'done' }, { state: 'done' }])
  expect(requests).toBeLessThanOrEqual(3)
  await first.close()
  await second.close()
  // The server has no connection of the caches left: its one client is this one.
  expect(String(await server.command('INFO', 'clients'))).toContain('connected_clients:1\r')
  api.closeAllConnections()
  api.close()
})
