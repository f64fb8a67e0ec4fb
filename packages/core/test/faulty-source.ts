import type { IntervalOption, ItemId } from '@auto-refresh/core'
import { after } from './scheduling.ts'
import { running, unchanged, world, type Job, type World } from './world.ts'

type Options = NonNullable<Parameters<typeof world<Job>>[0]>

/** An item that succeeds every 100 ms, so that no outage begins (F6). */
const PULSE = 'pulse'

/** Answers of the source of a `FaultyWorld` to calls that start from now on. */
export interface Source {
  /** True: every call fails. */
  isDown: boolean
  /** A call that contains one of them fails. */
  readonly poison: Set<ItemId>
  /** The error of failed calls. */
  error: unknown
  /** ms that a call takes. */
  latency: number
}

export interface FaultyWorld extends World<Job> {
  readonly source: Source
}

/** Returns a world whose source fails by command, with an interval of 60 s, so that only retries are seen. */
export function faultyWorld(options: Options = {}): FaultyWorld {
  const source: Source = { isDown: false, poison: new Set(), error: new Error('down'), latency: 0 }
  const { interval = 60_000, ...given } = options
  const w: World<Job> = world({
    interval: pulsed(interval),
    answer: async (batch) => {
      const fails = source.isDown || batch.some(({ id }) => source.poison.has(id))
      const { error, latency } = source
      if (latency > 0) await after(w.clock, latency, undefined)
      if (fails) throw error
      return unchanged(batch)
    },
    ...given,
  })
  return { ...w, source }
}

/** Returns the interval of a world that has a pulse. */
export const pulsed =
  (interval: IntervalOption<Job>): IntervalOption<Job> =>
  (snapshot, id) =>
    id === PULSE ? 100 : typeof interval === 'function' ? interval(snapshot, id) : interval

/** Starts the cache with a pulse, and lets 100 ms pass. */
export async function startWithPulse({ cache, clock }: World<Job>): Promise<void> {
  cache.start().getOrCreate(PULSE, running())
  await clock.advance(100)
}

/** A call as the tests look at it: ids are sorted, because the order in a batch is seldom what a test is about. */
export interface Row {
  readonly at: number
  readonly ids: readonly ItemId[]
}

/** The calls without the pulse. */
export function rowsOf({ calls }: World<Job>): Row[] {
  return calls
    .map(({ at, ids }) => ({ at, ids: ids.filter((id) => id !== PULSE).sort() }))
    .filter(({ ids }) => ids.length > 0)
}

/** The rows as `'<time> <ids>'`. */
export const linesOf = (w: World<Job>): string[] => rowsOf(w).map(({ at, ids }) => [at, ...ids].join(' '))

/** The sizes of the calls of one moment, largest first. */
export const sizesAt = (w: World<Job>, time: number): number[] =>
  rowsOf(w)
    .filter(({ at }) => at === time)
    .map(({ ids }) => ids.length)
    .sort((one, other) => other - one)

/** The gaps between times. */
export const gaps = (at: readonly number[]): number[] =>
  at.slice(1).map((time, index) => time - (at[index] ?? 0))

/** Outage events so far. */
export const outagesOf = ({ events }: World<Job>): string[] =>
  events.map(({ type }) => type).filter((type) => type.startsWith('outage'))

/** An error that carries a `retryAfter` (ms). */
export const busy = (retryAfter: unknown): Error => Object.assign(new Error('429'), { retryAfter })
