import {
  InMemoryAutoRefresh,
  type AutoRefreshOptions,
  type Batch,
  type Clock,
  type SyncResponse,
} from '@auto-refresh/core'
import { VirtualClock, VirtualEnvironment } from '@auto-refresh/core/testing'
import { chance } from './chance.ts'
import { SECOND } from './duration.ts'
import { Freshness } from './freshness.ts'
import type { Source } from './source.ts'

/** The usual time that a source takes to answer, ms. */
export const LATENCY = 100

/** A call that has started. */
export interface PastCall {
  readonly startedAt: number
  readonly ids: readonly string[]
  /** When it failed, ms; undefined if it succeeded or still runs. */
  failedAt: number | undefined
}

export interface WorldOptions {
  readonly source: Source
  /** Ids of the items, which are created at the start in this order. */
  readonly ids?: readonly string[]
  /** The items whose freshness counts. Default: `ids`. */
  readonly watched?: Iterable<string>
  readonly cache: Omit<AutoRefreshOptions<number>, 'sync' | 'clock' | 'random' | 'environment' | 'equals'>
  /** Default 1. */
  readonly seed?: number
  /** Default: a clock of its own. */
  readonly clock?: VirtualClock
  /** The cache's view of the clock. Default: the clock itself. */
  readonly timers?: Clock
  /** The clock by which answers arrive. Default: the clock itself. */
  readonly network?: Clock
}

/** One cache and the source that it polls, on a virtual clock. */
export class World {
  readonly clock: VirtualClock
  readonly environment: VirtualEnvironment = new VirtualEnvironment()
  readonly cache: InMemoryAutoRefresh<number>
  readonly freshness: Freshness
  /** All calls, in the order of their starts. */
  calls: PastCall[] = []
  readonly #source: Source
  readonly #network: Clock
  readonly #running = new Set<(error: Error) => void>()

  constructor({
    source,
    ids = [],
    watched = ids,
    cache,
    seed = 1,
    clock = new VirtualClock(),
    timers = clock,
    network = clock,
  }: WorldOptions) {
    this.clock = clock
    this.#network = network
    this.#source = source
    this.freshness = new Freshness(watched, clock.now())
    this.cache = new InMemoryAutoRefresh<number>({
      ...cache,
      clock: timers,
      // A random sequence of its own, because the scenario picks its bad ids by the same seed.
      random: chance(seed + 1_000_003),
      environment: this.environment,
      equals: Object.is,
      sync: (batch, { signal }) => this.#sync(batch, signal),
    }).start()
    for (const id of ids) this.create(id)
  }

  create(id: string): void {
    this.cache.getOrCreate(id, 0)
  }

  advance(ms: number): Promise<void> {
    return this.clock.advance(ms)
  }

  /**
   * Lets time pass until the condition holds. Returns the ms that it took, `Infinity` if it was longer than the limit.
   *
   * @param step ms between two looks
   */
  async until(condition: () => boolean, limit: number, step = 100): Promise<number> {
    const start = this.clock.now()
    while (!condition()) {
      if (this.clock.now() - start >= limit) return Infinity
      await this.advance(step)
    }
    return this.clock.now() - start
  }

  /** Returns the ms until every watched item is refreshed once more. */
  untilFresh(limit: number, step = 100): Promise<number> {
    this.freshness.restart(this.clock.now())
    return this.until(() => this.freshness.areAllFresh(), limit, step)
  }

  /** Counts the calls that started from `from` on and before `to`, ms. */
  callsBetween(from: number, to: number = Infinity): number {
    return this.calls.filter(({ startedAt }) => startedAt >= from && startedAt < to).length
  }

  /** Fails all running calls at once, as a lost network does. */
  failRunning(error: Error): void {
    for (const fail of [...this.#running]) fail(error)
  }

  /** Stops the cache. */
  async end(): Promise<void> {
    const stopped = this.cache.stop()
    await this.advance(31 * SECOND)
    await stopped
  }

  async #sync(batch: Batch<number>, signal: AbortSignal): Promise<readonly SyncResponse<number>[]> {
    const startedAt = this.clock.now()
    const ids = batch.map(({ id }) => id)
    const call: PastCall = { startedAt, ids, failedAt: undefined }
    this.calls.push(call)
    const { error, failing, latency = LATENCY } = this.#source({ ids, startedAt })
    try {
      await this.#wait(latency, signal)
      if (error !== undefined) throw error
    } catch (cause) {
      call.failedAt = this.clock.now()
      throw cause
    }
    const now = this.clock.now()
    return ids.map((id) => {
      if (failing?.(id) === true) return { id, action: 'fail', error: 'not now' }
      this.freshness.refreshed(id, now)
      return { id, action: 'unchanged' }
    })
  }

  /** Rejects if the call is aborted meanwhile, or the network fails. */
  #wait(latency: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        this.#running.delete(fail)
        this.#network.clearTimeout(timer)
        signal.removeEventListener('abort', abort)
        settle()
      }
      const fail = (error: Error): void => end(() => reject(error))
      const abort = (): void => fail(new Error('aborted'))
      const timer = latency === Infinity ? undefined : this.#network.setTimeout(() => end(resolve), latency)
      this.#running.add(fail)
      signal.addEventListener('abort', abort)
    })
  }
}

/** Returns `count` ids with a common beginning. */
export function idsOf(count: number, prefix = 'item-'): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`)
}

/**
 * Returns the refreshes per watched item as a percentage of those of an undisturbed cache with jitter 0.1.
 *
 * @param interval ms
 * @param duration ms since the last restart
 */
export function shareOfIdeal({ freshness }: World, interval: number, duration: number): number {
  return (freshness.perItem() / (duration / (interval * 1.05 + LATENCY))) * 100
}
