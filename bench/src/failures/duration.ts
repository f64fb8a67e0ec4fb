/** ms */
export const SECOND = 1000
/** ms */
export const MINUTE = 60 * SECOND
/** The default of `retry.maxDelay`, ms. */
export const MAX_DELAY = MINUTE
/** The default of `retry.jitter`: a delay is up to this share longer. */
export const RETRY_JITTER = 0.25

/** Seconds. */
export function seconds(ms: number): number {
  return ms / SECOND
}
