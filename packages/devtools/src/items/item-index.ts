import type { AutoRefresh, ItemId } from '@auto-refresh/core'
import type { Recorder } from '../record/recorder.ts'
import { type Condition, conditionOf } from './condition.ts'

/** Which items the list shows. */
export interface ItemFilter {
  /** Part of the id, in any case; empty: every id. */
  readonly text: string
  /** Undefined: every condition. */
  readonly condition: Condition | undefined
}

/** Items looked at between two looks at the clock. */
const STRIDE = 64

/** ms between two looks at every item, because some changes have no event: a mark for deletion, an adopted failure. */
const PERIOD = 1000

/**
 * The ids of a cache, and how many items are in which condition. It looks at the items a few at a time, because to look at
 * all of a large cache at once would take longer than a frame.
 */
export class ItemIndex {
  readonly #cache: AutoRefresh<unknown>
  readonly #recorder: Recorder
  readonly #now: () => number
  readonly #conditions = new Map<ItemId, Condition>()
  #ids: readonly ItemId[] = []
  /** Position of the next id to look at. */
  #next = 0
  /** When the last look at every item ended, ms. */
  #endedAt = -Infinity
  readonly counts: Record<Condition, number> = countNothing()
  /** Changes when ids or conditions do. */
  version = 0

  /** @param now ms, for the time that a look may take */
  constructor(cache: AutoRefresh<unknown>, recorder: Recorder, now: () => number) {
    this.#cache = cache
    this.#recorder = recorder
    this.#now = now
  }

  get size(): number {
    return this.#ids.length
  }

  /**
   * Looks at items for at most about `budget` ms: those that events named, then the others in order, once per second. Returns
   * true if there is nothing left to look at.
   */
  look(budget: number): boolean {
    const now = this.#now()
    const end = now + budget
    if (this.#next >= this.#ids.length && now - this.#endedAt >= PERIOD) this.#next = 0
    const { touched } = this.#recorder
    if (this.#recorder.areIdsStale || this.#cache.size !== this.#ids.length) this.#readIds()
    let looks = 0
    const isTimeUp = (): boolean => ++looks % STRIDE === 0 && this.#now() >= end
    for (const id of touched) {
      touched.delete(id)
      this.#lookAt(id)
      if (isTimeUp()) return false
    }
    if (this.#next >= this.#ids.length) return true
    while (this.#next < this.#ids.length) {
      const id = this.#ids[this.#next++]
      if (id !== undefined) this.#lookAt(id)
      if (isTimeUp()) return false
    }
    this.#endedAt = now
    return true
  }

  /** Returns the ids that pass the filter, in the order of the cache. */
  filter({ text, condition }: ItemFilter): readonly ItemId[] {
    if (text === '' && condition === undefined) return this.#ids
    const part = text.toLowerCase()
    return this.#ids.filter(
      (id) =>
        (condition === undefined || this.#conditions.get(id) === condition) &&
        (part === '' || id.toLowerCase().includes(part)),
    )
  }

  #readIds(): void {
    this.#recorder.areIdsStale = false
    this.#ids = [...this.#cache.ids()]
    this.#next = 0
    this.version += 1
    if (this.#conditions.size === 0) return
    for (const id of this.#conditions.keys()) if (!this.#cache.has(id)) this.#set(id, undefined)
  }

  #lookAt(id: ItemId): void {
    this.#set(id, conditionOf(this.#cache.getSnapshot(id)))
  }

  #set(id: ItemId, condition: Condition | undefined): void {
    const before = this.#conditions.get(id)
    if (before === condition) return
    this.version += 1
    if (before !== undefined) this.counts[before] -= 1
    if (condition === undefined) {
      this.#conditions.delete(id)
      return
    }
    this.#conditions.set(id, condition)
    this.counts[condition] += 1
  }
}

function countNothing(): Record<Condition, number> {
  return { deleting: 0, failing: 0, pending: 0, active: 0, terminal: 0, expired: 0 }
}
