import { InMemoryAutoRefresh, type SyncFunction } from '@auto-refresh/core'
import type { Job } from '@auto-refresh/demo-server/api'

/** ms between two looks at a job. */
export const INTERVAL = 1000

/** True if the job will never change again. */
export function isFinished({ state }: Job): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled'
}

/** The cache of this page: React, Vue and Preact show what is in it. */
export function createJobCache(sync: SyncFunction<Job>): InMemoryAutoRefresh<Job> {
  return new InMemoryAutoRefresh<Job>({
    name: 'jobs',
    // One POST with the ids of all jobs that are due: see sync-jobs.ts.
    sync,
    interval: INTERVAL,
    batchSize: 100,
    isTerminal: isFinished,
    missing: 'fail',
    // Shorter than the defaults, so that the faults act while you look.
    timeout: 5000,
    retry: { maxDelay: 15_000 },
  })
}
