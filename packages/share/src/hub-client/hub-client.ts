import { type Clock, type SyncFunction } from '@auto-refresh/core'
import { systemClock } from '@auto-refresh/core/adapter'
import type { Transport } from '../group/transport.ts'
import { HubConnection } from './connection.ts'
import { HubServer, type ServerOptions } from './server.ts'
import { statusSync } from './status.ts'

/** How a client reaches its hub. */
export interface HubClientOptions<Item> extends ServerOptions {
  /** Makes an item of what JSON carried. Default: what it carried. */
  readonly parse?: ((data: unknown) => Item) | undefined
  /** Default: the runtime's. Give the same one to the cache. */
  readonly clock?: Clock | undefined
  /** From 0 to 1, to spread reconnections. Default `Math.random`. */
  readonly random?: (() => number) | undefined
}

/** Options of a `SharedAutoRefresh` whose leader is a hub. */
export interface HubClient<Item> {
  readonly transport: Transport
  /** Asks the hub by status, for as long as there is no stream. */
  readonly sync: SyncFunction<Item>
  readonly parse: (data: unknown) => Item
  readonly version: string
}

/**
 * Returns the options that make a shared cache the client of a hub.
 *
 * ```ts
 * const jobs = new SharedAutoRefresh({ ...hubClient<Job>({ url: '/jobs' }), interval: 5000, group: user.id }).start()
 * ```
 */
export function hubClient<Item>(options: HubClientOptions<Item>): HubClient<Item> {
  const {
    clock = systemClock,
    random = () => Math.random(),
    version = '',
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `version` vouches for the shape of items
    parse = (data: unknown) => data as Item,
  } = options
  const server = new HubServer(options, clock)
  const timing = { beat: 5000, lease: 15_000, grace: 3000, spread: true }
  return {
    version,
    parse,
    sync: statusSync(server, parse),
    transport: {
      timing,
      isStream: true,
      connect: (key, events) => new HubConnection({ server, clock, random, timing }, key, events),
    },
  }
}
