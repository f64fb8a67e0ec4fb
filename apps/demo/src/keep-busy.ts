import type { AutoRefresh, ItemId } from '@auto-refresh/core'
import type { Job } from '@auto-refresh/demo-server/api'
import type { FarmClient } from './farm-client.ts'
import type { JobList } from './job-list.ts'
import { submitRenders } from './submit-renders.ts'

/** Active jobs that there are at least. */
const LEAST_ACTIVE = 30
const AT_FIRST = 60
const AT_A_TIME = 12
/** Finished jobs of its own that it leaves on the page, beside new ones. */
const FINISHED_KEPT = 6
/** Then the farm has been at work for some minutes, and may rest. */
const MOST_JOBS = 300

export interface KeepBusyOptions {
  readonly farm: Pick<FarmClient, 'submit'>
  readonly cache: AutoRefresh<Job>
  readonly jobs: JobList
}

/** Submits jobs as others finish, so that there is something to see. */
export class KeepBusy {
  readonly #options: KeepBusyOptions
  readonly #submitted = new Set<ItemId>()
  #isSubmitting = false

  constructor(options: KeepBusyOptions) {
    this.#options = options
  }

  /** Submits what is missing, if anything is. Returns false if it has done enough; rejects if the farm takes no more. */
  async look(): Promise<boolean> {
    const { cache } = this.#options
    if (this.#isSubmitting) return true
    if (this.#submitted.size >= MOST_JOBS) return false
    const active = [...cache.ids()].filter((id) => cache.getSnapshot(id).status === 'active').length
    if (active >= LEAST_ACTIVE) return true

    this.#isSubmitting = true
    try {
      await this.#submit(this.#submitted.size === 0 ? AT_FIRST - active : LEAST_ACTIVE)
    } finally {
      this.#isSubmitting = false
    }
    return true
  }

  /** Shows some before it submits the next. */
  async #submit(count: number): Promise<void> {
    const { farm, jobs } = this.#options
    this.#clearFinished()
    for (let left = count; left > 0; left -= AT_A_TIME) {
      const submission = await submitRenders(farm, Math.min(left, AT_A_TIME), 'mix')
      for (const { id } of submission.jobs) this.#submitted.add(id)
      jobs.append(submission.jobs)
      if (submission.error !== undefined) throw submission.error
    }
  }

  /** Jobs that a visitor submitted stay. */
  #clearFinished(): void {
    const { cache } = this.#options
    const finished = [...this.#submitted].filter((id) => cache.getSnapshot(id).status === 'terminal')
    for (const id of finished.slice(0, -FINISHED_KEPT)) cache.delete(id)
  }
}
