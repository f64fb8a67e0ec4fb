import type { Job } from './api.ts'

/** ms between two looks at a job. */
export const INTERVAL = 1000

/** True if the job will never change again. */
export function isFinished({ state }: Job): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled'
}
