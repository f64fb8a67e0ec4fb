import {
  InMemoryAutoRefresh,
  type AutoRefreshEvent,
  type AutoRefreshOptions,
  type Batch,
  type ItemId,
  type SyncResponse,
} from '@auto-refresh/core'
import { VirtualClock, VirtualEnvironment } from '@auto-refresh/core/testing'

/** The item of most tests: small, plain, and terminal once it is done. */
export interface Job {
  readonly done: boolean
  readonly step: number
}

export const running = (step = 0): Job => ({ done: false, step })
export const done = (step = 0): Job => ({ done: true, step })

export const isTerminal = (job: Job): boolean => job.done

/** A sync call that the cache made. The test looks at it, and answers it when it wants to. */
export interface SyncCall<Item> {
  readonly at: number
  readonly ids: ItemId[]
  readonly batch: Batch<Item>
  readonly signal: AbortSignal
  readonly answer: (responses: readonly SyncResponse<Item>[]) => void
  readonly fail: (error: unknown) => void
}

type Answer<Item> = (
  batch: Batch<Item>,
  call: SyncCall<Item>,
) => readonly SyncResponse<Item>[] | PromiseLike<readonly SyncResponse<Item>[]> | 'wait'

export interface World<Item> {
  readonly cache: InMemoryAutoRefresh<Item>
  readonly clock: VirtualClock
  readonly environment: VirtualEnvironment
  readonly calls: SyncCall<Item>[]
  readonly events: AutoRefreshEvent<Item>[]
  /** The ids of each call so far. */
  readonly batches: () => ItemId[][]
  /** Returns the last call; throws if there is none. */
  readonly lastCall: () => SyncCall<Item>
}

/**
 * Returns a cache on a virtual clock over a source that answers `unchanged` to everything, or what `answer` returns; `'wait'`
 * leaves the call running until the test answers it. A batch may contain items without a value. `random` is 0 by default.
 * The cache is not started.
 */
export function world<Item = Job>(
  options: Partial<AutoRefreshOptions<Item>> & { readonly answer?: Answer<Item> } = {},
): World<Item> {
  const { answer, ...given } = options
  const clock = new VirtualClock(1_000_000)
  const environment = new VirtualEnvironment()
  const calls: SyncCall<Item>[] = []
  const events: AutoRefreshEvent<Item>[] = []
  const cache = new InMemoryAutoRefresh<Item>({
    interval: 1000,
    random: () => 0,
    clock,
    environment,
    sync: (batch, context) => {
      let settle: Pick<SyncCall<Item>, 'answer' | 'fail'> | undefined
      const later = new Promise<readonly SyncResponse<Item>[]>((resolve, reject) => {
        settle = { answer: resolve, fail: reject }
      })
      const call: SyncCall<Item> = {
        at: clock.now(),
        ids: batch.map((entry) => entry.id),
        batch,
        get signal() {
          return context.signal
        },
        answer: (responses) => settle?.answer(responses),
        fail: (error) => settle?.fail(error),
      }
      calls.push(call)
      if (answer === undefined) return unchanged(batch)
      const answered = answer(batch, call)
      return answered === 'wait' ? later : answered
    },
    ...given,
  })
  cache.onEvent((event) => events.push(event))
  return {
    cache,
    clock,
    environment,
    calls,
    events,
    batches: () => calls.map((call) => call.ids),
    lastCall() {
      const call = calls.at(-1)
      if (call === undefined) throw new Error('no sync call was made')
      return call
    },
  }
}

/** Answers of a source without news. An item without a value fails by it (P5). */
export function unchanged<Item>(batch: Batch<Item>): SyncResponse<Item>[] {
  return batch.map(({ id }) => ({ id, action: 'unchanged' }))
}

/** Answers of a source where every job has made a step; one that is new to the cache has step 1. */
export function stepped(batch: Batch<Job>): SyncResponse<Job>[] {
  return batch.map(({ id, item }) => ({ id, item: running((item?.step ?? 0) + 1) }))
}

/** Keeps what the cache reports away from the runner and collects it for the test. */
export function captureReports(): { readonly reports: unknown[]; readonly restore: () => void } {
  const reports: unknown[] = []
  const report = (error: unknown) => reports.push(error)
  const restores = [replace(globalThis, 'reportError', report), replace(console, 'error', report)]
  return { reports, restore: () => restores.forEach((restore) => restore()) }
}

/** Replaces a property of the object. Returns the function that restores it. */
export function replace(owner: object, name: string, value: unknown): () => void {
  const had = Object.getOwnPropertyDescriptor(owner, name)
  Object.defineProperty(owner, name, { configurable: true, writable: true, value })
  return () => {
    if (had === undefined) Reflect.deleteProperty(owner, name)
    else Object.defineProperty(owner, name, had)
  }
}

/** Notes subscriptions to the cache and their ends in order: `+id` and `-id`. */
export function noteSubscriptions(cache: World<Job>['cache']): string[] {
  const order: string[] = []
  const subscribe = cache.subscribe.bind(cache)
  cache.subscribe = (id, ...rest) => {
    order.push(`+${id}`)
    const end = subscribe(id, ...rest)
    return () => {
      order.push(`-${id}`)
      end()
    }
  }
  return order
}

/** Runs the microtasks that are queued now, and no timer. */
export async function endOfTurn(): Promise<void> {
  for (let job = 0; job < 10; job++) await Promise.resolve()
}
