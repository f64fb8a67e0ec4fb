import type { StatusAnswer } from '@auto-refresh/demo-server/api'

/** A status request as it went over the wire. Times are epoch ms. */
export interface StatusCall {
  readonly ids: readonly string[]
  readonly startedAt: number
  /** Undefined before the browser got the answer, or where it did not wait for it. */
  readonly answeredAt: number | undefined
  /** When the browser gave it up. */
  readonly abandonedAt: number | undefined
  /** 200, say; undefined before the farm answered. */
  readonly status: number | undefined
  readonly answers: readonly StatusAnswer[]
}

/** An answer of the farm that is still on its way to the browser. */
export interface HeldCall extends StatusCall {
  /** Lets it arrive. */
  deliver(): Promise<void>
}

/** The ms between one call's start and the next one's: not less than what the cache waited in between. */
export function gaps(calls: readonly StatusCall[]): number[] {
  return calls.slice(1).map(({ startedAt }, index) => startedAt - (calls[index]?.startedAt ?? startedAt))
}

/**
 * The ms between one call's end and the next one's start: not more than what the cache waited in between.
 *
 * @param between how many ms there were between two moments
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

/** Those of the calls that asked for this id, among others. */
export function naming(id: string, calls: readonly StatusCall[]): StatusCall[] {
  return calls.filter(({ ids }) => ids.includes(id))
}

/** The most calls that started within any such span of ms. */
export function mostWithin(span: number, calls: readonly StatusCall[]): number {
  const starts = calls.map(({ startedAt }) => startedAt)
  return Math.max(0, ...starts.map((from) => starts.filter((at) => at >= from && at < from + span).length))
}

/** The ids that a call which started at `since` or later has brought good news of, or that there are none. */
export function refreshedSince(since: number, calls: readonly StatusCall[]): Set<string> {
  const good = calls.filter(
    ({ startedAt, status, answeredAt }) => startedAt >= since && status === 200 && answeredAt !== undefined,
  )
  return new Set(good.flatMap(({ ids }) => ids))
}

/** The ms between two moments, whichever is first; Infinity where one of them did not come. */
export function distance(one = -Infinity, other = Infinity): number {
  return Math.abs(other - one)
}
