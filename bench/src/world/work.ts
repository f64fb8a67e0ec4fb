import { newJob, type Job } from './job.ts'

/** The work that every competitor does. */
export interface Work {
  readonly items: number
  /** Share of the items that change at each refresh. */
  readonly changed: 0.01 | 1
  /**
   * Answer of the backend for an unchanged job: `same`, the same object, as from a source in the process; `fresh`, an object
   * that equals it, as from JSON.
   */
  readonly answers: 'same' | 'fresh'
  /** `one`: all items have an interval of 1 s; `random`: each has its own, of 1 to 60 s. */
  readonly intervals: 'one' | 'random'
  /** True if each item has a subscriber. */
  readonly observed: boolean
  /** True if all items fall due at once: the library without jitter, all calls of the baseline together. */
  readonly together: boolean
}

export const BATCH = 100

/** ms */
export const INTERVAL = 1000

/** One of the jobs to be polled. */
export interface Subject {
  readonly index: number
  readonly id: string
  /** The initial job. */
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
