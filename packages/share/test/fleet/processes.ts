import type { Batch, SyncResponse } from '@auto-refresh/core'
import { VirtualClock, VirtualEnvironment } from '@auto-refresh/core/testing'
import { SharedAutoRefresh, type SharedOptions } from '@auto-refresh/share'
import { fleet, type FleetOptions } from '@auto-refresh/share/fleet'
import { type Job, running } from '../group.ts'
import { type MemoryClient, MemoryServer } from './memory-server.ts'

export const LEASE = 5000
/** Latest fail-over: a lease and a third. */
export const FAIL_OVER = (LEASE * 4) / 3

export interface Call {
  readonly by: string
  readonly at: number
  readonly ids: readonly string[]
}

export interface Process {
  readonly name: string
  readonly cache: SharedAutoRefresh<Job>
  readonly client: MemoryClient
  /** Gone at once, without a word: neither its timers nor its messages count. */
  readonly kill: () => void
}

export interface Fleet {
  readonly clock: VirtualClock
  readonly server: MemoryServer
  readonly calls: Call[]
  readonly source: Map<string, Job>
  readonly start: (name: string, options?: Partial<SharedOptions<Job>>) => Process
  readonly leader: () => Process | undefined
  readonly callsSince: (at: number) => readonly Call[]
}

type Answer = (
  batch: Batch<Job>,
  by: string,
) => readonly SyncResponse<Job>[] | Promise<readonly SyncResponse<Job>[]>

/** Processes over one server, and one source that answers what is in `source`. */
export function processes(
  given: {
    readonly answer?: Answer
    readonly fleet?: Partial<FleetOptions>
    readonly options?: Partial<SharedOptions<Job>>
    readonly server?: MemoryServer
    readonly clock?: VirtualClock
  } = {},
): Fleet {
  const clock = given.clock ?? new VirtualClock(1_800_000_000_000)
  const server = given.server ?? new MemoryServer(clock)
  const calls: Call[] = []
  const source = new Map<string, Job>()
  const all: Process[] = []
  const answer: Answer =
    given.answer ?? ((batch) => batch.map(({ id }) => ({ id, item: source.get(id) ?? running() })))
  const start: Fleet['start'] = (name, options = {}) => {
    const client = server.client()
    let isAlive = true
    // Spread by the order of the start, so that a test is the same each time.
    const random = (): number => ((all.length * 7 + 3) % 10) / 10
    const cache = new SharedAutoRefresh<Job>({
      interval: 1000,
      jitter: 0,
      random,
      isTerminal: (job) => job.done,
      clock,
      environment: new VirtualEnvironment(),
      group: 'A',
      transport: fleet({ store: client, namespace: 'shop:test', clock, random, ...given.fleet }),
      sync: async (batch) => {
        if (!isAlive) return []
        calls.push({ by: name, at: clock.now(), ids: batch.map(({ id }) => id) })
        return answer(batch, name)
      },
      ...given.options,
      ...options,
    })
    const kill = (): void => {
      isAlive = false
      client.link = 'hung'
      client.isDeaf = true
      client.needsConnection = true
    }
    const process = { name, cache, client, kill }
    all.push(process)
    cache.start()
    return process
  }
  return {
    clock,
    server,
    calls,
    source,
    start,
    leader: () => all.find(({ cache }) => cache.stats().role === 'leader'),
    callsSince: (at) => calls.filter((call) => call.at >= at),
  }
}
