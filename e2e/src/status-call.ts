import type { StatusAnswer } from '@auto-refresh/demo-server/api'

/** A status request as it went over the wire. Times are epoch ms. */
export interface StatusCall {
  readonly ids: readonly string[]
  readonly startedAt: number
  /** Undefined before the browser got the answer, or if it did not wait for it. */
  readonly answeredAt: number | undefined
  /** Time at which the browser aborted it. */
  readonly abandonedAt: number | undefined
  /** HTTP status; undefined before the farm answered. */
  readonly status: number | undefined
  readonly answers: readonly StatusAnswer[]
}

/** An answer of the farm that is still on its way to the browser. */
export interface HeldCall extends StatusCall {
  /** Delivers the answer. */
  deliver(): Promise<void>
}

/** Returns the ms between each call's start and the next one's: at least the pause of the cache. */
export function gaps(calls: readonly StatusCall[]): number[] {
  return calls.slice(1).map(({ startedAt }, index) => startedAt - (calls[index]?.startedAt ?? startedAt))
}

/**
 * Returns the ms between each call's end and the next one's start: at most the pause of the cache.
 *
 * @param between returns the ms between two times
 */
export function pauses(
  calls: readonly StatusCall[],
  between: (from: number, to: number) => number,
): number[] {
  return calls.slice(1).map(({ startedAt }, index) => {
    const previous = calls[index]
    return between(previous?.answeredAt ?? previous?.abandonedAt ?? startedAt, startedAt)
  })
}

/** Returns the calls that asked for this id, among others. */
export function naming(id: string, calls: readonly StatusCall[]): StatusCall[] {
  return calls.filter(({ ids }) => ids.includes(id))
}

/** Returns the largest number of calls that started within `span` ms. */
export function mostWithin(span: number, calls: readonly StatusCall[]): number {
  const starts = calls.map(({ startedAt }) => startedAt)
  return Math.max(0, ...starts.map((from) => starts.filter((at) => at >= from && at < from + span).length))
}

/** Returns the ids for which a call that started at `since` or later succeeded. */
export function refreshedSince(since: number, calls: readonly StatusCall[]): Set<string> {
  const good = calls.filter(
    ({ startedAt, status, answeredAt }) => startedAt >= since && status === 200 && answeredAt !== undefined,
  )
  return new Set(good.flatMap(({ ids }) => ids))
}

/** Returns the ms between two times, in any order; Infinity if one of them is undefined. */
export function distance(one = -Infinity, other = Infinity): number {
  return Math.abs(other - one)
}
