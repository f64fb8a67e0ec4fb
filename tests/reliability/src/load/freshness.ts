import type { ItemId } from '@auto-refresh/core'

/** Monotonic ms of each item's last refresh. */
export class Freshness {
  readonly #at = new Map<ItemId, number>()

  note(ids: readonly ItemId[]): void {
    const now = performance.now()
    for (const id of ids) this.#at.set(id, now)
  }

  /** Number of items refreshed since then. */
  countSince(moment: number): number {
    let count = 0
    for (const at of this.#at.values()) if (at >= moment) count += 1
    return count
  }
}
