/** How failures delay the next attempt. */
export interface Backoff {
  readonly factor: number
  /** ms. */
  readonly maxDelay: number
  readonly jitter: number
}

/** ms; the delay before the first retry of a failed call, unless an interval in it is shorter (F5). */
const RETRY_DELAY = 1000

/**
 * Returns when an item is due that succeeded at a time: its interval later, and up to `jitter` of it more (S17). Within that it is
 * rounded down to a multiple of at most a quarter of the jitter, so that items of different intervals share wake-ups.
 *
 * @param draw the random number of the batch, at least 0 and below 1
 */
export function refreshDue(at: number, interval: number, jitter: number, draw: number): number {
  const due = at + interval * (1 + jitter * draw)
  // The largest power of two. A quarter below 1 ms gives 2^31, which is no help, and so changes nothing.
  const grid = 0x8000_0000 >>> Math.clz32((interval * jitter) / 4)
  const shared = Math.floor(due / grid) * grid
  return shared < at + interval ? due : shared
}

/** The random factor of every retry delay: 1 to 1 + `retry.jitter`. */
export function spread({ jitter }: Backoff, draw: number): number {
  return 1 + jitter * draw
}

/** Returns ms until an item is due again after its n-th `fail` in a row, without the random factor (F2). */
export function itemFailureDelay(interval: number, failures: number, backoff: Backoff): number {
  return grow(Math.min(interval, backoff.maxDelay), failures, interval, backoff)
}

/** Returns ms until an isolated item is due after failing alone for the n-th time, without the random factor (F9). */
export function isolationDelay(
  retryDelay: number,
  failures: number,
  interval: number,
  backoff: Backoff,
): number {
  return grow(retryDelay, failures, interval, backoff)
}

/** Returns ms until a failed call is retried: 1 s, or the smallest interval in it (F5). */
export function retryDelayOf(entries: readonly { readonly interval: number }[]): number {
  let delay = RETRY_DELAY
  for (const { interval } of entries) if (interval > 0 && interval < delay) delay = interval
  return delay
}

function grow(base: number, failures: number, interval: number, { factor, maxDelay }: Backoff): number {
  const longest = interval === Infinity ? maxDelay : Math.max(maxDelay, interval)
  return Math.min(base * factor ** (failures - 1), longest)
}
