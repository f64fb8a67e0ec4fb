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
  /** The ids of each sync call so far. */
  readonly calls: string[][]
}

/** The same with a framework. */
export interface DrivenWorld extends World {
  /** Lets time pass, and the framework draw. */
  readonly advance: (ms: number) => Promise<void>
}

/** A cache over a source that says `unchanged`, or what `sync` says. Not started. */
export function world(options: Partial<AutoRefreshOptions<Job>> = {}): World {
  const clock = new VirtualClock()
  const calls: string[][] = []
  const {
    sync = (batch: Batch<Job>) => batch.map(({ id }) => ({ id, action: 'unchanged' as const })),
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

/** Notes which subscriptions begin from now on, and which of them end, in order. */
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
