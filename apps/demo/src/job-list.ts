import type { AutoRefresh, ItemId } from '@auto-refresh/core'
import type { Job } from '@auto-refresh/demo-server/api'
import { ObservedValue } from './observed-value.ts'

/** The jobs that the page shows: a visitor's newest batch first, its jobs in the order of their rendering. */
export class JobList {
  readonly ids: ObservedValue<readonly ItemId[]> = new ObservedValue<readonly ItemId[]>([])
  readonly #cache: AutoRefresh<Job>

  constructor(cache: AutoRefresh<Job>) {
    this.#cache = cache
    cache.subscribeIds(() => {
      const shown = this.ids.get()
      const kept = shown.filter((id) => cache.has(id))
      if (kept.length < shown.length) this.ids.set(kept)
    })
  }

  /** Puts jobs into the cache, and before all others. */
  add(jobs: readonly Job[]): void {
    const fresh = this.#take(jobs)
    if (fresh.length > 0) this.ids.set([...fresh, ...this.ids.get()])
  }

  /** Puts jobs into the cache, and after all others. */
  append(jobs: readonly Job[]): void {
    const fresh = this.#take(jobs)
    if (fresh.length > 0) this.ids.set([...this.ids.get(), ...fresh])
  }

  #take(jobs: readonly Job[]): ItemId[] {
    const shown = new Set(this.ids.get())
    const fresh = jobs.filter(({ id }) => !shown.has(id))
    for (const job of fresh) this.#cache.getOrCreate(job.id, job)
    return fresh.map(({ id }) => id)
  }
}
