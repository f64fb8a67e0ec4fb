import { newJob, type Job } from './job.ts'

/** What every competitor is to do. */
export interface Work {
  readonly items: number
  /** The share of the items that is another at each refresh. */
  readonly changed: 0.01 | 1
  /**
   * What the backend answers where nothing changed: `same`, the very object, as a source in the same process does; `fresh`, one
   * that equals it, as from JSON.
   */
  readonly answers: 'same' | 'fresh'
  /** `one`: all items have an interval of 1 s; `random`: each has its own, of 1 to 60 s. */
  readonly intervals: 'one' | 'random'
  /** Whether each item has a subscriber. */
  readonly observed: boolean
  /** Whether all fall due at once: without the library's jitter, and all calls of the baseline. */
  readonly together: boolean
}

export const BATCH = 100

/** ms */
export const INTERVAL = 1000

/** One of the jobs to be polled. */
export interface Subject {
  readonly index: number
  readonly id: string
  /** As it is at first. */
  readonly job: Job
  /** ms */
  readonly interval: number
}

export function subjectsOf({ items, intervals }: Work): readonly Subject[] {
  return Array.from({ length: items }, (_, index) => ({
    index,
    id: `job-${index}`,
    job: newJob(index),
    // A multiplicative hash: the same for all competitors, and in no order.
    interval: intervals === 'one' ? INTERVAL : INTERVAL + ((index * 2_654_435_761) % 59_000),
  }))
}
