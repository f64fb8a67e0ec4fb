import type { Job, Scene, VersionedJob } from '../api.ts'
import type { Now } from '../clock.ts'
import { JobStore, isFinished } from './job-store.ts'
import type { RenderPool } from './render-pool.ts'
import type { RenderResult, RowsDone } from './render-task.ts'

export interface RenderFarmOptions {
  readonly pool: RenderPool
  /** Jobs kept. */
  readonly capacity: number
  readonly now: Now
  readonly newId: () => string
}

/** Queues scenes, has them rendered, and keeps the state of each job. */
export class RenderFarm {
  readonly #pool: RenderPool
  readonly #now: Now
  readonly #newId: () => string
  readonly #jobs: JobStore
  readonly #runs = new Map<string, AbortController>()

  constructor({ pool, capacity, now, newId }: RenderFarmOptions) {
    this.#pool = pool
    this.#now = now
    this.#newId = newId
    this.#jobs = new JobStore(capacity)
  }

  /** Queues a scene. Returns undefined if the farm is full of unfinished jobs. */
  submit(scene: Scene): VersionedJob | undefined {
    const submitted = this.#jobs.add({
      id: this.#newId(),
      state: 'queued',
      scene,
      rows: { done: 0, total: scene.height },
      error: null,
      image: null,
      submittedAt: this.#now(),
      startedAt: null,
      finishedAt: null,
    })
    if (submitted !== undefined) void this.#run(submitted.job)
    return submitted
  }

  get(id: string): VersionedJob | undefined {
    return this.#jobs.get(id)
  }

  image(id: string): Uint8Array<ArrayBuffer> | undefined {
    return this.#jobs.image(id)
  }

  list(): VersionedJob[] {
    return this.#jobs.list()
  }

  /** Cancels a queued or running job. Returns false if there is none. */
  cancel(id: string): boolean {
    const cancelled = this.#jobs.change(id, { state: 'cancelled', finishedAt: this.#now() })
    this.#runs.get(id)?.abort()
    return cancelled
  }

  /** Cancels all unfinished jobs, and returns their number. */
  cancelAll(): number {
    let count = 0
    // Newest first: a thread that becomes free does not begin a job that is cancelled next.
    for (const { job } of this.list().toReversed()) {
      if (this.cancel(job.id)) count++
    }
    return count
  }

  async close(): Promise<void> {
    this.cancelAll()
    await this.#pool.close()
  }

  async #run({ id, scene, rows }: Job): Promise<void> {
    const run = new AbortController()
    this.#runs.set(id, run)
    const onRows = (done: RowsDone): void => this.#progress(id, { done, total: rows.total })
    try {
      this.#finish(id, await this.#pool.render(scene, { signal: run.signal, onRows }))
    } catch (error) {
      // A cancelled job is finished already, so its result is ignored.
      this.#finish(id, { outcome: 'failed', reason: `The renderer broke down: ${String(error)}` })
    } finally {
      this.#runs.delete(id)
    }
  }

  #progress(id: string, rows: Job['rows']): void {
    const startedAt = this.#jobs.get(id)?.job.startedAt ?? this.#now()
    this.#jobs.change(id, { state: 'running', startedAt, rows })
  }

  #finish(id: string, result: RenderResult): void {
    const job = this.#jobs.get(id)?.job
    if (job === undefined || isFinished(job)) return
    const finishedAt = this.#now()
    if (result.outcome === 'failed') {
      this.#jobs.change(id, { state: 'failed', error: result.reason, finishedAt })
      return
    }
    const changes: Partial<Job> = {
      state: 'succeeded',
      rows: { done: job.rows.total, total: job.rows.total },
      image: `/api/jobs/${id}/image`,
      // The result of a quick render can arrive before the message that it has begun.
      startedAt: job.startedAt ?? finishedAt,
      finishedAt,
    }
    this.#jobs.change(id, changes, result.png)
  }
}
