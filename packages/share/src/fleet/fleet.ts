import type { Clock } from '@auto-refresh/core'
import { systemClock } from '@auto-refresh/core/adapter'
import type { Transport } from '../group/transport.ts'
import { GroupValues } from './stored-states.ts'
import { FleetConnection } from './connection.ts'
import { divided } from './divided.ts'
import { checkNamespace } from './names.ts'
import type { FleetStore } from './store.ts'

/** How the processes of a fleet share one poller. */
export interface FleetOptions {
  /** The way to Valkey or Redis: `redisStore(client)`, or a port over another client. */
  readonly store: FleetStore
  /** Names the application and its environment, for example `shop:production`. All names in the store begin with it. */
  readonly namespace: string
  /**
   * Number of processes. While the store is away each polls for itself, and its rate limits are divided by this number.
   *
   * @default 1
   */
  readonly expectedMembers?: number | undefined
  /**
   * For how long a leader may be silent until another one leads, ms. It is renewed at a third.
   *
   * @default 5000
   */
  readonly lease?: number | undefined
  /**
   * Longest wait for an answer of the store, ms.
   *
   * @default 1000
   */
  readonly commandTimeout?: number | undefined
  /**
   * For how long values are stored after their last refresh, ms.
   *
   * @default 3_600_000
   */
  readonly keep?: number | undefined
  /** For tests. */
  readonly clock?: Clock | undefined
  /** For tests: a number from 0 up to 1. */
  readonly random?: (() => number) | undefined
}

/**
 * The processes of a fleet share one poller, by a lease, channels and stored values in Valkey or Redis.
 *
 * ```ts
 * const client = createClient({ url }).on('error', console.error)
 * await client.connect()
 * const transport = fleet({ store: redisStore(client), namespace: 'shop:production' })
 * const jobs = new SharedAutoRefresh({ sync, interval: 5000, group: 'jobs', transport }).start()
 * ```
 *
 * @throws {TypeError | RangeError} if an option is missing or out of its range
 */
export function fleet(options: FleetOptions): Transport {
  const { store, namespace, clock = systemClock, random = () => Math.random() } = options
  const { lease = 5000, commandTimeout = 1000, keep = 3_600_000, expectedMembers = 1 } = options
  checkNamespace(namespace)
  check('lease', lease, 1000)
  check('commandTimeout', commandTimeout, 1)
  check('keep', keep, lease)
  check('expectedMembers', expectedMembers, 1)
  if (commandTimeout > lease / 3) {
    throw new RangeError(
      `commandTimeout must be at most a third of the lease, ${lease} ms, got ${commandTimeout}`,
    )
  }
  // Members are alone a third later than the lease ends, so that the next leader comes first (K2).
  // A member waits that long for a leader. Less would not do: after a stop, the client may have to connect anew.
  const grace = commandTimeout
  const timing = { beat: lease / 3, lease: (lease * 4) / 3, grace, spread: true }
  return {
    timing,
    divide: (policy) => divided(policy, expectedMembers),
    stored: (port) => new GroupValues(port),
    connect: (key, events) =>
      new FleetConnection({ store, clock, random, namespace, lease, commandTimeout, keep }, key, events),
  }
}

function check(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least && value < 2 ** 31) return
  throw new RangeError(`${name} must be an integer ≥ ${least}, got ${String(value)}`)
}
