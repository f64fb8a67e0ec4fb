import type { AdoptedState } from '@auto-refresh/core/adapter'
import { running, type Job } from './world.ts'

/** The state of `a` that another cache had: a success of this moment, and no time of the next refresh. */
export const state = (given: Partial<AdoptedState<Job>> = {}): AdoptedState<Job> => ({
  id: 'a',
  item: running(5),
  validator: undefined,
  error: undefined,
  failureCount: 0,
  unchangedCount: 0,
  age: 0,
  next: undefined,
  ...given,
})
