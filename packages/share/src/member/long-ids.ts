import type { ItemId } from '@auto-refresh/core'
import { MAX_ID_LENGTH } from '../protocol/limits.ts'

/** True if no message may have the id (K8): each member asks the source itself. */
export function isTooLong(id: ItemId): boolean {
  return id.length > MAX_ID_LENGTH
}

/** Ids that are too long for a message. The member refreshes them itself, to within a beat of when they are due. */
export class LongIds {
  readonly #ids = new Set<ItemId>()
  readonly #isDue: (id: ItemId) => boolean
  readonly #refresh: (id: ItemId) => void

  constructor(isDue: (id: ItemId) => boolean, refresh: (id: ItemId) => void) {
    this.#isDue = isDue
    this.#refresh = refresh
  }

  /** The id became wanted, or is not any more. */
  changed(id: ItemId, isWanted: boolean): void {
    if (isWanted) this.#ids.add(id)
    else this.#ids.delete(id)
  }

  refreshDue(): void {
    for (const id of [...this.#ids]) if (this.#isDue(id)) this.#refresh(id)
  }
}
