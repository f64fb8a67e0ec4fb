import { InMemoryAutoRefresh, type SyncFunction } from '@auto-refresh/core'
import type { Job } from '@auto-refresh/demo-server/api'

/** ms between two looks at a job. */
export const INTERVAL = 1000

/** True if the job will never change again. */
export function isFinished({ state }: Job): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled'
}

/** The cache of this page: all that it shows of the farm's jobs is in here. */
export function createJobCache(sync: SyncFunction<Job>): InMemoryAutoRefresh<Job> {
  return new InMemoryAutoRefresh<Job>({
    name: 'jobs',
    sync,
    isTerminal: isFinished,
    interval: INTERVAL,
    batchSize: 100,
    missing: 'fail',
    // Shorter than the defaults, so that somebody who plays with the faults sees them act.
    timeout: 5000,
    retry: { maxDelay: 15_000 },
  })
}
