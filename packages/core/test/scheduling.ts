import type { AutoRefresh, AutoRefreshEvent, Batch, SyncResponse } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { running, world, type Job, type SyncCall, type World } from './world.ts'

/** A value that a typed program could not pass, and an untyped one can. */
export const untyped = (value: unknown): never => value as never

/** Present state of a promise, whose rejection counts as handled. */
export interface Outcome {
  readonly state: 'pending' | 'resolved' | 'rejected'
  readonly error: unknown
}

export function outcomeOf(promise: PromiseLike<unknown>): Outcome {
  const outcome: { state: Outcome['state']; error: unknown } = { state: 'pending', error: undefined }
  promise.then(
    () => {
      outcome.state = 'resolved'
    },
    (error: unknown) => {
      outcome.state = 'rejected'
      outcome.error = error
    },
  )
  return outcome
}

/** `i0`, `i1`, … */
export const manyIds = (count: number): string[] => Array.from({ length: count }, (_, index) => `i${index}`)

export function createAll(cache: AutoRefresh<Job>, ids: Iterable<string>): void {
  for (const id of ids) cache.getOrCreate(id, running())
}

/** Creates each id at its time (ms), in order. */
export async function createAt(
  { cache, clock }: World<Job>,
  creations: Readonly<Record<string, number>>,
): Promise<void> {
  for (const [id, at] of Object.entries(creations)) {
    if (at > clock.now()) await clock.advance(at - clock.now())
    cache.getOrCreate(id, running())
  }
  await clock.advance(0)
}

/** Returns a world 15 s after the first of its items was created, with an interval of 1 s. Every call has a slot. */
export async function crowd(created: readonly number[], batchSize: number): Promise<World<Job>> {
  const w = world({ batchSize, concurrency: 1000 })
  w.cache.start()
  const sorted = [...created].sort((one, other) => one - other)
  await createAt(w, Object.fromEntries(sorted.map((at, index) => [`i${index}`, at])))
  await w.clock.advance(15_000)
  return w
}

/** Creates an item of a subscription that nobody observes any more (P7). */
export function createUnobserved({ cache }: Pick<World<Job>, 'cache'>, id: string): void {
  cache.subscribe(id, () => undefined, { initialItem: running() })()
}

/** Events about items, without those about calls. */
export const told = (events: readonly AutoRefreshEvent<Job>[]): string[] =>
  events.flatMap((event) => ('id' in event ? [`${event.type} ${event.id}`] : []))

/** The calls as `'<time> <ids, sorted>'`: the order within a batch is seldom what a test is about. */
export function log(calls: readonly SyncCall<Job>[]): string[] {
  return calls.map((call) => [call.at, ...[...call.ids].sort()].join(' '))
}

export const times = (calls: readonly { readonly at: number }[]): number[] => calls.map((call) => call.at)

export const sizes = (calls: readonly SyncCall<Job>[]): number[] => calls.map((call) => call.ids.length)

/** The times of the calls that an id was in. */
export const timesOf = (calls: readonly SyncCall<Job>[], id: string): number[] =>
  calls.filter((call) => call.ids.includes(id)).map((call) => call.at)

export const typesOf = (events: readonly AutoRefreshEvent<Job>[]): string[] =>
  events.map((event) => event.type)

/** The events of these types. */
export const only = (
  events: readonly AutoRefreshEvent<Job>[],
  ...types: AutoRefreshEvent<Job>['type'][]
): AutoRefreshEvent<Job>[] => events.filter(({ type }) => types.includes(type))

export const failed = (
  id: string,
  error: unknown = new Error('failed'),
  retryAfter?: number,
): SyncResponse<Job> => ({ id, action: 'fail', error, retryAfter })

/** Every item in a call of its own. */
export const oneEach = <Item>(due: Batch<Item>): Batch<Item>[] => due.map((entry) => [entry])

/** Answers of a source that sends every item as it is known here. */
export const echoed = (batch: Batch<Job>): SyncResponse<Job>[] =>
  batch.flatMap(({ id, item }) => (item === undefined ? [] : [{ id, item }]))

/** An answer that arrives after `ms`. */
export function after<Value>(clock: VirtualClock, ms: number, value: Value): Promise<Value> {
  return new Promise((resolve) => {
    clock.setTimeout(() => resolve(value), ms)
  })
}

/** Counts what the cache asks of its clock. */
export class CountingClock extends VirtualClock {
  /** Timers set so far. */
  armed = 0
  /** The most timers that there were at one moment. */
  most = 0
  /** Number of readings of the time. */
  reads = 0

  override now(): number {
    this.reads += 1
    return super.now()
  }

  override setTimeout(callback: () => void, delay: number): unknown {
    this.armed += 1
    const handle = super.setTimeout(callback, delay)
    this.most = Math.max(this.most, this.timers)
    return handle
  }
}

/** Timers as runtimes have them: a delay that needs more than 31 bits ends at once. */
export class NarrowClock extends VirtualClock {
  #armed = 0

  override setTimeout(callback: () => void, delay: number): unknown {
    this.#armed += 1
    if (this.#armed > 10_000) throw new Error('the cache floods the clock with timers')
    return super.setTimeout(callback, delay <= 2 ** 31 - 1 ? delay : 1)
  }
}
