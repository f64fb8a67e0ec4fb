import { itemFailureDelay, spread } from './backoff.ts'
import { ask } from './events.ts'
import { snapshotOf } from './snapshot.ts'
import type { Entry, FailureStreak } from './entry.ts'
import type { State } from './state.ts'

/**
 * Asks the application for the entry's interval (S2). If the answer is none, the last good one stays, else the longest retry
 * delay is taken.
 *
 * @returns the error, if the answer is none
 */
export function evaluateInterval<Item>(
  state: State<Item>,
  entry: Entry<Item>,
): { readonly error: unknown } | undefined {
  const { interval } = state
  if (typeof interval === 'number') {
    entry.interval = interval
    return undefined
  }
  // A snapshot that somebody read during the call is out of date (S2).
  entry.snapshot = undefined
  const snapshot = snapshotOf(state, entry)
  // Hot path: without a closure for each item.
  state.questions += 1
  try {
    const result: unknown = interval(snapshot, entry.id)
    if (typeof result !== 'number' || !(result > 0)) {
      throw new RangeError(`interval must return a number of ms above 0, got ${String(result)}`)
    }
    entry.interval = result
    return undefined
  } catch (error) {
    if (entry.interval === 0) entry.interval = state.options.retry.maxDelay
    return { error }
  } finally {
    state.questions -= 1
    // The snapshot that the application saw had no next refresh yet.
    entry.snapshot = undefined
  }
}

/** Asks for the interval of an entry that no sync has settled yet. A failure delays its first refresh. */
export function evaluateFirstInterval<Item>(state: State<Item>, entry: Entry<Item>): void {
  const failed = evaluateInterval(state, entry)
  if (failed === undefined) return
  const failures = addFailure(entry, failed.error)
  const { retry, random } = state.options
  const delay = itemFailureDelay(entry.interval, 1, retry) * spread(retry, ask(state, random, 0))
  failures.retryTime = state.time.read().now + delay
}

/** Counts a failure of the entry (F1). */
export function addFailure<Item>(entry: Entry<Item>, error: unknown): FailureStreak<Item> {
  const failures = (entry.failures ??= {
    count: 0,
    aloneFailures: 0,
    error,
    retryTime: -Infinity,
    retryGroup: undefined,
  })
  failures.count += 1
  failures.error = error
  return failures
}
