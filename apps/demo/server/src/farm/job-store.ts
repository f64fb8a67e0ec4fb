import type { Job, VersionedJob } from '../api.ts'

/** True if the job will never change again. */
export function isFinished({ state }: Job): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled'
}

interface StoredJob extends VersionedJob {
  readonly png: Uint8Array<ArrayBuffer> | undefined
}

/** The jobs that the farm keeps, oldest first. Every change of a job makes a new version of it. */
export class JobStore {
  readonly #capacity: number
  readonly #jobs = new Map<string, StoredJob>()

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** Adds a job, in place of the oldest finished one if the store is full. Returns undefined if none is finished. */
  add(job: Job): VersionedJob | undefined {
    if (this.#jobs.size >= this.#capacity && !this.#dropOldestFinished()) return undefined
    const stored = { job, version: 1, png: undefined }
    this.#jobs.set(job.id, stored)
    return stored
  }

  get(id: string): VersionedJob | undefined {
    return this.#jobs.get(id)
  }

  image(id: string): Uint8Array<ArrayBuffer> | undefined {
    return this.#jobs.get(id)?.png
  }

  /** Changes an unfinished job. Returns false if there is none. */
  change(id: string, changes: Partial<Job>, png?: Uint8Array<ArrayBuffer>): boolean {
    const stored = this.#jobs.get(id)
    if (stored === undefined || isFinished(stored.job)) return false
    this.#jobs.set(id, { job: { ...stored.job, ...changes }, version: stored.version + 1, png })
    return true
  }

  list(): VersionedJob[] {
    return Array.from(this.#jobs.values(), ({ job, version }) => ({ job, version }))
  }

  #dropOldestFinished(): boolean {
    for (const { job } of this.#jobs.values()) {
      if (isFinished(job)) return this.#jobs.delete(job.id)
    }
    return false
  }
}
