import { VirtualClock } from '@auto-refresh/core/testing'
import { SharedAutoRefresh } from '@auto-refresh/share'
import { fleet } from '@auto-refresh/share/fleet'
import { MemoryServer } from '../../../../packages/share/test/fleet/memory-server.ts'
import { type Metered, MeteredStore } from './metered-store.ts'

/** Configuration of a simulated fleet. */
export interface Setting {
  readonly servers: number
  /** Items that every server wants. */
  readonly items: number
  /** Part of the items that changes from one interval to the next. */
  readonly changing: number
}

/** Costs per second. */
export interface Costs {
  readonly calls: number
  readonly commands: number
  /** kB that the store receives. */
  readonly received: number
  /** kB that the store sends to its subscribers. */
  readonly sent: number
  /** kB that the store sends in the 10 s after the leader was killed, in all. */
  readonly failOver: number
}

const INTERVAL = 10_000
/** ms in which costs are counted. */
const SPAN = 30_000
const BATCH = 500
/** An item of about 500 characters. */
const FILLING = 'x'.repeat(450)

/** Runs a fleet on a virtual clock, kills its leader, and counts the work of the store and the source. */
export async function simulate({ servers, items, changing }: Setting): Promise<Costs> {
  const clock = new VirtualClock(1_800_000_000_000)
  const server = new MemoryServer(clock)
  const metered: Metered = { commands: 0, received: 0, sent: 0 }
  let calls = 0
  const ids = Array.from({ length: items }, (_, index) => `job-${index}`)
  const caches = Array.from({ length: servers }, (_, index) => {
    const client = server.client()
    const random = (): number => (index * 0.618) % 1
    const store = new MeteredStore(client, metered)
    const cache = new SharedAutoRefresh({
      interval: INTERVAL,
      jitter: 0,
      random,
      batchSize: BATCH,
      clock,
      group: 'jobs',
      transport: fleet({ store, namespace: 'shop:paper', clock, random }),
      sync: (batch) => {
        calls += 1
        const round = Math.floor(clock.now() / INTERVAL)
        return batch.map(({ id }) => {
          const number = Number(id.slice(4))
          const isChanging = number < items * changing
          return { id, item: { state: 'running', step: isChanging ? round : 0, filling: FILLING } }
        })
      },
    })
    return { cache: cache.start(), client }
  })
  await clock.advance(1000)
  for (const { cache } of caches) for (const id of ids) cache.getOrCreate(id)
  await clock.advance(INTERVAL)
  const before = { ...metered, calls }
  await clock.advance(SPAN)
  const perSecond = (value: number): number => value / (SPAN / 1000)
  const costs = {
    calls: perSecond(calls - before.calls),
    commands: perSecond(metered.commands - before.commands),
    received: perSecond(metered.received - before.received) / 1000,
    sent: perSecond(metered.sent - before.sent) / 1000,
  }
  const leader = caches.find(({ cache }) => cache.stats().role === 'leader')
  if (leader !== undefined) {
    leader.client.link = 'hung'
    leader.client.isDeaf = true
  }
  const { sent } = metered
  await clock.advance(10_000)
  return { ...costs, failOver: (metered.sent - sent) / 1000 }
}
