import type { ItemId } from '@auto-refresh/core'

/** Delays of failed items that hold whoever leads next: the source asked for them, or this member itself saw the failure. */
export class Delays {
  readonly #now: () => number
  /** By id, until when. Infinity: until the item is due. */
  readonly #until = new Map<ItemId, number>()

  /** @param now ms on the member's own clock */
  constructor(now: () => number) {
    this.#now = now
  }

  /** The leader tells of an item. @param wait ms; undefined if it succeeded, or failed without such a delay */
  told(id: ItemId, wait: number | undefined): void {
    if (wait === undefined) this.#until.delete(id)
    else this.#until.set(id, this.#now() + wait)
  }

  /** A call of this member itself has settled. */
  settledHere(ids: readonly ItemId[]): void {
    for (const id of ids) this.#until.set(id, Infinity)
  }

  /** Returns ms for which the item is left alone. @param next ms until it is due */
  of(id: ItemId, next: number = 0): number {
    const until = this.#until.get(id)
    if (until === undefined) return 0
    return until === Infinity ? next : Math.max(0, until - this.#now())
  }

  forget(id: ItemId): void {
    this.#until.delete(id)
  }

  clear(): void {
    this.#until.clear()
  }
}
