/** A server with a hub, or with one written by hand: `server.ts hub|by-hand`. Told `step` on its input, it changes every item. */
import { createInterface } from 'node:readline'
import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { Hub } from '@auto-refresh/share/hub'
import { serve } from '@hono/node-server'
import { hubByHand } from './by-hand.ts'

let step = 0
let calls = 0
const cache = new InMemoryAutoRefresh<unknown>({
  interval: 200,
  sync: (batch) => {
    calls += 1
    return batch.map(({ id }) => ({ id, item: { step, at: 0, name: `the job ${id}`, state: 'running' } }))
  },
}).start()
const hub = new Hub(cache, { authorize: () => ({ id: 'all' }), mayRead: () => true })
const handler = process.argv[2] === 'hub' ? hub.fetch : hubByHand(cache)

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
serve({ fetch: handler, port: 0, hostname: '127.0.0.1' }, ({ port }) => say(String(port)))

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'step') step += 1
  else {
    const { user, system } = process.cpuUsage()
    const { rss } = process.memoryUsage()
    say([calls, (user + system) / 1000, rss / 2 ** 20].join(' '))
  }
}
