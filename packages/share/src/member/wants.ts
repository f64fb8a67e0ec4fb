import type { ItemId, Policy } from '@auto-refresh/core'

/**
 * Watches the items of a front: which of them its own clock would refresh (K6). Closes the front's gate as well: in a group
 * its clock asks nobody.
 */
export class Wants {
  readonly #ids = new Set<ItemId>()
  /** Marked for deletion: their next sync cycle removes them. */
  readonly #marked = new Set<ItemId>()
  readonly #changed: (id: ItemId, isWanted: boolean) => void
  readonly #startAt: (isAsked: boolean) => number

  /**
   * @param changed called when an id becomes wanted, or is not any more; also when it is wanted by a new generation. It must
   *   only take notes, because the front asks it a question.
   * @param startAt when a call of the front may start: -Infinity or Infinity
   */
  constructor(changed: (id: ItemId, isWanted: boolean) => void, startAt: (isAsked: boolean) => number) {
    this.#changed = changed
    this.#startAt = startAt
  }

  get ids(): ReadonlySet<ItemId> {
    return this.#ids
  }

  /** The item was marked for deletion: its clock will not refresh it any more. */
  mark(id: ItemId): void {
    this.#marked.add(id)
    if (this.#ids.delete(id)) this.#changed(id, false)
  }

  /** The last policy of the front. */
  readonly policy: Policy = () => ({
    startAt: (_, isAsked) => this.#startAt(isAsked),
    changed: ({ id, status, isOwned, isObserved }) => {
      const isWanted =
        (status === 'pending' || status === 'active') && (isOwned || isObserved) && !this.#marked.has(id)
      if (isWanted === this.#ids.has(id)) return
      if (isWanted) this.#ids.add(id)
      else this.#ids.delete(id)
      this.#changed(id, isWanted)
    },
    removed: ({ id }) => {
      this.#marked.delete(id)
      if (this.#ids.delete(id)) this.#changed(id, false)
    },
  })
}
