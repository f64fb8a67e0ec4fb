import type { Job } from './job.ts'
import type { Work } from './work.ts'

/** Answers at once and asynchronously, and counts. It keeps no jobs: the caller passes the last state. */
export class Backend {
  calls = 0
  /** Jobs answered. */
  answered = 0
  /** Answered jobs that differ from the state before. */
  changed = 0
  readonly #items: number
  readonly #period: number
  readonly #isFresh: boolean

  constructor({ items, changed, answers }: Work) {
    this.#items = items
    this.#period = Math.round(1 / changed)
    this.#isFresh = answers === 'fresh'
  }

  /** Returns the newest state of a job. Other jobs change in each round. */
  next(previous: Job): Job {
    const { id, state, progress } = previous
    const turn = this.answered
    this.answered += 1
    if ((turn + Math.floor(turn / this.#items)) % this.#period === 0) {
      this.changed += 1
      return { id, state, progress: progress + 1 }
    }
    return this.#isFresh ? { id, state, progress } : previous
  }

  /** One call for one job, for competitors without batches. */
  source(first: Job): () => Promise<Job> {
    let job = first
    return async () => {
      this.calls += 1
      job = this.next(job)
      return job
    }
  }

  /** One call for some jobs. */
  async answer(batch: readonly Asked[]): Promise<Answered[]> {
    this.calls += 1
    return batch.map(({ id, item }) => {
      if (item === undefined) throw new Error(`${id} was put in without its job`)
      return { id, item: this.next(item) }
    })
  }
}

export interface Asked {
  readonly id: string
  readonly item: Job | undefined
}

export interface Answered {
  readonly id: string
  readonly item: Job
}
