import { AutoRefreshError } from '@auto-refresh/core'

/** Present state of a promise: `'pending'`, its value, or the code of its error. */
export function settlementOf(promise: PromiseLike<unknown>): { now: unknown } {
  const outcome: { now: unknown } = { now: 'pending' }
  promise.then(
    (value) => (outcome.now = value),
    (error: unknown) => (outcome.now = error instanceof AutoRefreshError ? error.code : error),
  )
  return outcome
}
