// The core's own tests meet this module in place of `@auto-refresh/core`: what they construct is a member of a group.
import {
  type AutoRefreshEvent,
  type AutoRefreshOptions,
  type Clock,
  InMemoryAutoRefresh as Cache,
  type SyncFunction,
  type SyncResponse,
} from '@auto-refresh/core'
import { SharedAutoRefresh, type SharedOptions, type SharedStats, type Transport } from '@auto-refresh/share'
import { fleet } from '@auto-refresh/share/fleet'
import { Hub } from '@auto-refresh/share/hub'
import { hubClient } from '@auto-refresh/share/hub-client'
import { Bus } from '@auto-refresh/share/testing'
import { inject } from 'vitest'
import { MemoryServer } from '../fleet/memory-server.ts'
import { Network } from '../hub/network.ts'
import type { Role } from './role.ts'

export * from '@auto-refresh/core'

declare module 'vitest' {
  interface ProvidedContext {
    readonly role: Role
  }
}

const NONE: Transport = { timing: { beat: 2000, lease: 6000, grace: 300 }, connect: () => undefined }
const buses = new WeakMap<Clock, Bus>()

function busOf(clock: Clock): Bus {
  const bus = buses.get(clock) ?? new Bus(clock)
  buses.set(clock, bus)
  return bus
}

/** The beat and the grace of the other roles. */
const FLEET_TIMES = { lease: 6000, commandTimeout: 300 }
const servers = new WeakMap<Clock, MemoryServer>()

/** A way to the group of a test. */
function transportOf(clock: Clock, name: string): Transport {
  if (inject('role') !== 'fleet') return busOf(clock).transport(name)
  const server = servers.get(clock) ?? new MemoryServer(clock)
  servers.set(clock, server)
  return fleet({ store: server.client(0), namespace: 'test', ...FLEET_TIMES, clock, random: () => 0 })
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
    const clock: unknown = options?.clock
    if (role === 'alone' || !isClock(clock)) {
      super({ ...options, group: 'A', transport: NONE })
      return
    }
    members += 1
    const group = `A${members}`
    let member: InMemoryAutoRefresh<Item> | undefined
    /** The same source, for whoever has no items: it answers `unchanged` with what the member has (K14). */
    const sync: unknown =
      typeof options.sync === 'function'
        ? fromIds(options.sync, (id) => member?.getSnapshot(id).item)
        : options.sync
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is no function is refused by the cache
    const theirs = { ...options, sync: sync as SyncFunction<Item> }
    if (role === 'hub') {
      super({ ...options, ...clientOf(theirs, clock), group })
      // oxlint-disable-next-line typescript/no-this-alias, unicorn/no-this-assignment
      member = this
      return
    }
    if (role === 'follower' || role === 'fleet') {
      new SharedAutoRefresh<Item>({ ...theirs, group, transport: transportOf(clock, `l${members}`) }).start()
    }
    super({ ...options, group, transport: transportOf(clock, `m${members}`) })
    // oxlint-disable-next-line typescript/no-this-alias, unicorn/no-this-assignment
    member = this
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

function isClock(clock: unknown): clock is Clock {
  return typeof clock === 'object' && clock !== null && 'now' in clock
}

/** Options of a hub's client, whose server has a cache of these options. */
function clientOf<Item>(
  options: AutoRefreshOptions<Item>,
  clock: Clock,
): Partial<SharedOptions<Item>> & {
  readonly transport: Transport
  readonly sync: SyncFunction<Item>
} {
  const jobs = new Cache<Item>(options).start()
  const hub = new Hub(jobs, {
    authorize: () => ({ id: 'me' }),
    mayRead: () => true,
    clock,
    random: () => 0.5,
  })
  const network = new Network(clock, (request) => hub.fetch(request), {})
  return hubClient<Item>({
    url: 'https://hub.test/jobs',
    fetch: (url, init) => network.fetch(url, init),
    clock,
    random: () => 0,
  })
}

/** A sync function that answers an asker without an item by the item, in place of `unchanged`. */
function fromIds<Item>(
  sync: SyncFunction<Item>,
  itemOf: (id: string) => Item | undefined,
): SyncFunction<Item> {
  return (batch, context) => {
    const without = new Set(batch.filter(({ item }) => item === undefined).map(({ id }) => id))
    const answer = (response: SyncResponse<Item>): SyncResponse<Item> => {
      if (response?.action !== 'unchanged' || !without.has(response.id)) return response
      const item = itemOf(response.id)
      return item === undefined ? response : { ...response, action: 'update', item }
    }
    const answers = (responses: readonly SyncResponse<Item>[]): readonly SyncResponse<Item>[] =>
      Array.isArray(responses) ? responses.map(answer) : responses
    const responses = sync(batch, context)
    if (Array.isArray(responses)) return responses.map(answer)
    return Promise.resolve(responses).then(answers)
  }
}
