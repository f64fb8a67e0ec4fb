import { execFileSync } from 'node:child_process'
import { startFarmProcess } from '@auto-refresh/demo-server/testing'
import { expect, it } from 'vitest'
import { until } from '../src/until.ts'

interface Report {
  readonly server?: { readonly role: string; readonly members: number }
}

/** Command lines of the children of this process, and of theirs. */
function descendants(): string[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
  const pids = new Set([String(process.pid)])
  for (let size = 0; size !== pids.size;) {
    size = pids.size
    for (const [pid = '', parent = ''] of table) if (pids.has(parent)) pids.add(pid)
  }
  return table
    .filter(
      ([pid = '', , state = '']) => pids.has(pid) && pid !== String(process.pid) && !state.startsWith('Z'),
    )
    .map(([, , , ...args]) => args.join(' '))
}

it('the demo starts three servers and a store, one server leads, and Ctrl+C stops all', async () => {
  const farm = await startFarmProcess({ servers: 3 })
  expect(farm.serverUrls).toHaveLength(3)
  await until(async () => {
    const reports = await Promise.all(
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is the demo's own
      farm.serverUrls.map(async (url) => (await (await fetch(`${url}/api/hub`)).json()) as Report),
    )
    const roles = reports.map(({ server }) => server?.role ?? '').sort()
    return roles.join() === 'follower,follower,leader' && reports.every(({ server }) => server?.members === 3)
  })
  const started = (): string[] =>
    descendants().filter((args) => /servers\/member|redis-server|valkey-server/.test(args))
  expect(started()).toHaveLength(4)
  await farm.stop()
  expect(started()).toEqual([])
  for (const url of farm.serverUrls) await expect(fetch(url)).rejects.toThrow(TypeError)
})
