import {
  InMemoryAutoRefresh,
  type AutoRefresh,
  type AutoRefreshOptions,
  type Batch,
  type ItemId,
} from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import type { Driver, Job } from './driver.ts'

export const running = (step = 0): Job => ({ done: false, step })
export const done = (step = 0): Job => ({ done: true, step })

export interface World {
  readonly cache: InMemoryAutoRefresh<Job>
  readonly clock: VirtualClock
  /** Ids of each sync call so far. */
  readonly calls: string[][]
}

/** A world with a framework. */
export interface DrivenWorld extends World {
  /** Advances the time, and lets the framework render. */
  readonly advance: (ms: number) => Promise<void>
}

/** Creates a cache without starting it. By default its source answers new jobs at step 0, and the others as unchanged. */
export function world(options: Partial<AutoRefreshOptions<Job>> = {}): World {
  const clock = new VirtualClock()
  const calls: string[][] = []
  const {
    sync = (batch: Batch<Job>) =>
      batch.map(({ id, item }) =>
        item === undefined ? { id, item: running(0) } : { id, action: 'unchanged' as const },
      ),
    ...rest
  } = options
  const cache = new InMemoryAutoRefresh<Job>({
    interval: 1000,
    isTerminal: (job) => job.done,
    random: () => 0,
    clock,
    ...rest,
    sync: (batch, context) => {
      calls.push(batch.map(({ id }) => id))
      return sync(batch, context)
    },
  })
  return { cache, clock, calls }
}

export function drivenWorld(driver: Driver, options?: Partial<AutoRefreshOptions<Job>>): DrivenWorld {
  const made = world(options)
  return { ...made, advance: (ms) => driver.act(() => made.clock.advance(ms)) }
}

/** From now on, notes the beginnings and ends of subscriptions, in order. */
export function subscriptionsOf(cache: AutoRefresh<Job>): readonly (readonly ['begin' | 'end', ItemId])[] {
  const log: ['begin' | 'end', ItemId][] = []
  const subscribe = cache.subscribe.bind(cache)
  cache.subscribe = (id, ...rest) => {
    log.push(['begin', id])
    const end = subscribe(id, ...rest)
    return () => {
      log.push(['end', id])
      end()
    }
  }
  return log
}

/** From now on, notes the ids whose snapshots are read. */
export function readsOf(cache: AutoRefresh<Job>): readonly ItemId[] {
  const reads: ItemId[] = []
  const getSnapshot = cache.getSnapshot.bind(cache)
  cache.getSnapshot = (id) => {
    reads.push(id)
    return getSnapshot(id)
  }
  return reads
}
