import type { World } from '../world/world.ts'

/** More bad items than this share are outside the bounds, unless they say `fail` or are in batches of their own. */
export const MOST_BAD = 0.3

/** The bounds of `docs/semantics.md`, for the sizes of one run; all in ms. */
export interface Bounds {
  /** The slowest call. */
  readonly slow: number
  /** One call for each batch. */
  readonly round: number
  /** The longest age of a healthy item, once bad ones are isolated. */
  readonly age: number
  /** Until `bad` items of a source are isolated. */
  isolation(bad: number): number
  /** Until a source or a region that is back is noticed, and all of it is fresh. */
  readonly healed: number
  /** Until `bad` isolated items that are well again are all noticed. */
  cured(bad: number): number
  /** Until all is fresh once network or page are back. */
  readonly back: number
}

export function boundsOf(world: World, size: number, interval: number): Bounds {
  const { concurrency, batchSize, maxDelay, mood, timeout } = world
  const slow = mood.how === 'hang' ? Math.max(timeout, mood.latency) : mood.latency
  const batches = Math.ceil(size / batchSize)
  const lanes = Math.max(1, concurrency - 1)
  const round = Math.ceil(batches / lanes) * mood.latency
  const levels = Math.ceil(Math.log2(Math.min(batchSize, Math.max(2, size)))) + 1
  const age = 1.5 * interval + slow + 2 * round
  return {
    slow,
    round,
    age,
    isolation: (bad) =>
      bad === 0
        ? 0
        : 10_000 + 1.1 * interval + 450 * bad + 2 * levels * slow + (2 * bad * levels * slow) / lanes,
    healed: 1.25 * maxDelay + 15_000 + 4 * round + slow + (mood.retryAfter ?? 0),
    cured: (bad) => 1.25 * Math.max(maxDelay, interval) + 2000 * bad + slow,
    // Failed items come back in small batches, at worst one by one.
    back: 2000 + slow + 2 * round + (size * mood.latency) / lanes,
  }
}
