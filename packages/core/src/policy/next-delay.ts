/** How failures delay the next try. */
export interface Backoff {
  readonly factor: number
  readonly maxDelay: number
  readonly jitter: number
}

/**
 * ms until the next refresh of items that went well, or that failed only because their call did: the interval, and up
 * to `jitter` of it more.
 *
 * @param draw the random number of the batch, at least 0 and below 1
 */
export function refreshDelay(interval: number, jitter: number, draw: number): number {
  return interval * (1 + jitter * draw)
}

/** ms until an item is tried again after the n-th failure in a row that says something about itself (F2). */
export function retryDelay(interval: number, failures: number, backoff: Backoff, draw: number): number {
  const grown = interval * backoff.factor ** (failures - 1)
  return Math.min(grown, Math.max(backoff.maxDelay, interval)) * (1 + backoff.jitter * draw)
}

/** ms from one probe of an outage to the next, after so many that failed; the first comes as soon as the second (F6). */
export function probeDelay(interval: number, failedProbes: number, backoff: Backoff): number {
  return Math.min(interval * backoff.factor ** Math.max(0, failedProbes - 1), backoff.maxDelay)
}

/** The most items in the next batch of one of these, where a call of `size` items failed once more (F5). */
export function splitLimit(size: number): number {
  return Math.ceil(size / 2)
}

/** The most items in the next probe, where a call of `size` items failed (F6). */
export function probeLimit(size: number): number {
  return Math.max(1, Math.floor(size / 2))
}
