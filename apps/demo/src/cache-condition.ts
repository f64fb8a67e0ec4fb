import type { CacheStatus } from '@auto-refresh/core'
import type { CacheFigures } from './cache-figures.ts'

/** The condition of the cache in one word, as its badge shows it. */
export type Condition = CacheStatus['state'] | 'outage' | 'retrying'

/** Returns `retrying` if the last refresh of every active job has failed, but there is no outage (yet). */
export function conditionOf(
  { state, isOutage }: CacheStatus,
  { active, failing }: Pick<CacheFigures, 'active' | 'failing'>,
): Condition {
  if (state !== 'running') return state
  if (isOutage) return 'outage'
  return active > 0 && failing === active ? 'retrying' : 'running'
}
