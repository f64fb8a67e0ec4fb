import type { ItemId } from '@auto-refresh/core'

/** Callers that wait until no call from before runs for an id (E3). */
export class Waiting {
  readonly #waiting = new Map<ItemId, (() => void)[]>()

  add(id: ItemId): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.set(id, [...(this.#waiting.get(id) ?? []), resolve])
    })
  }

  release(ids: readonly ItemId[]): void {
    for (const id of ids) {
      const waiting = this.#waiting.get(id) ?? []
      this.#waiting.delete(id)
      for (const resolve of waiting) resolve()
    }
  }

  releaseAll(): void {
    this.release([...this.#waiting.keys()])
  }
}
