import type { AutoRefresh, ItemId } from '@auto-refresh/core'
import type { Job } from '@auto-refresh/demo-server/api'
import { ObservedValue } from './observed-value.ts'

/** Which jobs the page shows, and in which order: the newest batch first, its jobs in the order of their rendering. */
export class JobList {
  readonly ids: ObservedValue<readonly ItemId[]> = new ObservedValue<readonly ItemId[]>([])
  readonly #cache: AutoRefresh<Job>

  constructor(cache: AutoRefresh<Job>) {
    this.#cache = cache
    let isPlanned = false
    cache.onEvent(({ type }) => {
      if ((type !== 'deleted' && type !== 'evicted') || isPlanned) return
      isPlanned = true
      // Sixty jobs that are cleared are sixty events in one turn, and one new list.
      queueMicrotask(() => {
        isPlanned = false
        this.ids.set(this.ids.get().filter((id) => cache.has(id)))
      })
    })
  }

  /** Puts jobs into the cache, and before all others. */
  add(jobs: readonly Job[]): void {
    const shown = new Set(this.ids.get())
    const fresh = jobs.filter(({ id }) => !shown.has(id))
    if (fresh.length === 0) return
    for (const job of fresh) this.#cache.getOrCreate(job.id, job)
    this.ids.set([...fresh.map(({ id }) => id), ...shown])
  }
}
