import type { Job } from '@auto-refresh/demo-server/api'

/** ms between two looks at a job. */
export const INTERVAL = 1000

/** True if the job will never change again. */
export function isFinished({ state }: Job): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled'
}
