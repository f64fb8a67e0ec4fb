import type { ItemId } from '@auto-refresh/core'

/** Who is told of which id. */
export class Readers<Reader> {
  readonly #readers = new Map<ItemId, Set<Reader>>()

  add(id: ItemId, reader: Reader): void {
    const readers = this.#readers.get(id)
    if (readers === undefined) this.#readers.set(id, new Set([reader]))
    else readers.add(reader)
  }

  /** @returns true if nobody reads the id any more */
  remove(id: ItemId, reader: Reader): boolean {
    const readers = this.#readers.get(id)
    readers?.delete(reader)
    if (readers === undefined || readers.size > 0) return false
    return this.#readers.delete(id)
  }

  of(id: ItemId): Iterable<Reader> {
    return this.#readers.get(id) ?? []
  }

  has(id: ItemId): boolean {
    return this.#readers.has(id)
  }

  get size(): number {
    return this.#readers.size
  }
}
