import { InMemoryAutoRefresh, type AutoRefreshOptions, type ItemId } from '@auto-refresh/core'
import { connect } from '@auto-refresh/query'
import { onlineManager, QueryClient, QueryObserver, type QueryObserverOptions } from '@tanstack/query-core'
import { vi } from 'vitest'

export interface Job {
  readonly step: number
  readonly owner?: { readonly name: string }
}

export const INTERVAL = 2000
/** ms that the source takes to answer. */
export const LATENCY = 100

export const jobKey = (id: string) => ['jobs', id] as const

/** A source, a cache over it, and a client that is connected to the cache, on fake timers. */
export class World {
  /** The jobs as the source has them. */
  readonly jobs = new Map<ItemId, Job>()
  /** The ids of each call. */
  readonly calls: ItemId[][] = []
  /** What the next calls throw; undefined: they succeed. */
  trouble: Error | undefined = undefined
  readonly cache: InMemoryAutoRefresh<Job>
  readonly client = new QueryClient()
  /** Fetches that a component's own `queryFn` made. */
  readonly ownFetches: ItemId[] = []
  disconnect: () => void

  constructor(options: Partial<AutoRefreshOptions<Job>> = {}) {
    this.cache = new InMemoryAutoRefresh<Job>({
      interval: INTERVAL,
      jitter: 0,
      retry: { jitter: 0 },
      missing: 'delete',
      sync: async (batch) => {
        this.calls.push(batch.map(({ id }) => id))
        const answer = batch.flatMap(({ id }) => {
          const item = this.jobs.get(id)
          return item === undefined ? [] : [{ id, item }]
        })
        const { trouble } = this
        await new Promise((resolve) => setTimeout(resolve, LATENCY))
        if (trouble !== undefined) throw trouble
        return answer
      },
      ...options,
    })
    this.disconnect = connect(this.cache, this.client, { queryKey: jobKey })
  }

  /** Number of calls that contained the id. */
  callsOf(id: ItemId): number {
    return this.calls.filter((ids) => ids.includes(id)).length
  }

  /** The options of a component that polls by itself. */
  options(id: ItemId): QueryObserverOptions<Job, Error, Job, Job, readonly ['jobs', string]> {
    return {
      queryKey: jobKey(id),
      queryFn: () => {
        this.ownFetches.push(id)
        return { step: -1 }
      },
      refetchInterval: INTERVAL / 4,
    }
  }

  /** Mounts a component without a framework. */
  mount(
    id: ItemId,
    options: Partial<QueryObserverOptions<Job, Error, Job, Job, readonly ['jobs', string]>> = {},
  ) {
    const observer = new QueryObserver(this.client, { ...this.options(id), ...options })
    const told: unknown[] = []
    const unmount = observer.subscribe(({ data }) => told.push(data))
    return { observer, told, unmount, result: () => observer.getCurrentResult() }
  }

  state(id: ItemId) {
    const state = this.client.getQueryState<Job, Error>(jobKey(id))
    if (state === undefined) throw new Error(`There is no query of ${id}`)
    return state
  }

  async end(): Promise<void> {
    this.disconnect()
    this.client.clear()
    onlineManager.setOnline(true)
    const stopped = this.cache.stop()
    await advance(LATENCY)
    await stopped
  }
}

export function advance(ms: number): Promise<unknown> {
  return vi.advanceTimersByTimeAsync(ms)
}
