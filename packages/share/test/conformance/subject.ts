// The core's own tests meet this module in place of `@auto-refresh/core`: what they construct is a member of a group.
import type { AutoRefreshEvent, AutoRefreshOptions, Clock } from '@auto-refresh/core'
import { SharedAutoRefresh, type SharedStats, type Transport } from '@auto-refresh/share'
import { fleet } from '@auto-refresh/share/fleet'
import { Bus } from '@auto-refresh/share/testing'
import { inject } from 'vitest'
import { MemoryServer } from '../fleet/memory-server.ts'

export * from '@auto-refresh/core'

declare module 'vitest' {
  interface ProvidedContext {
    /** `fleet`: a follower in a fleet. */
    readonly role: 'alone' | 'leader' | 'follower' | 'fleet'
  }
}

const NONE: Transport = { timing: { beat: 2000, lease: 6000, grace: 300 }, connect: () => undefined }
const buses = new WeakMap<Clock, Bus>()

function busOf(clock: Clock): Bus {
  const bus = buses.get(clock) ?? new Bus(clock)
  buses.set(clock, bus)
  return bus
}

const servers = new WeakMap<Clock, MemoryServer>()

/** A way to the group of a test. */
function transportOf(clock: Clock, name: string): Transport {
  if (inject('role') !== 'fleet') return busOf(clock).transport(name)
  const server = servers.get(clock) ?? new MemoryServer(clock)
  servers.set(clock, server)
  return fleet({ store: server.client(0), namespace: 'test', clock, random: () => 0 })
}

const OF_A_MEMBER = [
  'role',
  'epoch',
  'members',
  'messagesSent',
  'messagesReceived',
  'dropped',
  'gaps',
  'alone',
]

let members = 0

/** A cache in the role that is tested. Without a clock of the test's own it is alone. */
export class InMemoryAutoRefresh<Item> extends SharedAutoRefresh<Item> {
  constructor(options: AutoRefreshOptions<Item>) {
    const role = inject('role')
    const { clock } = options ?? {}
    if (role === 'alone' || clock === undefined) {
      super({ ...options, group: 'A', transport: NONE })
      return
    }
    members += 1
    const group = `A${members}`
    if (role === 'follower' || role === 'fleet') {
      // Its leader polls the same source.
      const leader = new SharedAutoRefresh<Item>({
        ...options,
        group,
        transport: transportOf(clock, `l${members}`),
      })
      leader.start()
    }
    super({ ...options, group, transport: transportOf(clock, `m${members}`) })
  }

  /** `stats` tells more of a member (K11). */
  override stats(): SharedStats {
    const own = new Map(Object.entries(super.stats()))
    for (const name of OF_A_MEMBER) own.delete(name)
    return Object.fromEntries(own) as unknown as SharedStats
  }

  /** The event `role` is a shared cache's own (K1, K11). */
  override onEvent(listener: (event: AutoRefreshEvent<Item>) => void): () => void {
    if (typeof listener !== 'function') return super.onEvent(listener)
    return super.onEvent((event) => (event.type === 'role' ? undefined : listener(event)))
  }
}
