import type { CacheStatus } from '@auto-refresh/core'
import type { CacheFigures } from './cache-figures.ts'

/** The condition of the cache in one word, as its badge shows it. */
export type Condition = CacheStatus['state'] | 'outage' | 'rate-limited' | 'backing-off' | 'waiting'

/** ms that a call may run before the badge says that it is waited for. */
const PATIENCE = 1000

const TOO_MANY_REQUESTS = 429

/** Causes of the condition, beside the status. */
export interface Signs extends Pick<CacheFigures, 'failing'> {
  /** ms for which the oldest running call has run; 0 if none runs. */
  readonly waitingFor: number
}

/** The first that holds; `backing-off` if the last refresh of some active job has failed. */
export function conditionOf(
  { state, isOutage, error }: CacheStatus,
  { failing, waitingFor }: Signs,
): Condition {
  if (state !== 'running') return state
  if (statusOf(error) === TOO_MANY_REQUESTS) return 'rate-limited'
  if (isOutage) return 'outage'
  if (failing > 0) return 'backing-off'
  return waitingFor > PATIENCE ? 'waiting' : 'running'
}

/** HTTP status of an error, also of one that came from another tab or from the server (K10). */
function statusOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined
}
