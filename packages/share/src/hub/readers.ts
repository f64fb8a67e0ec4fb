import type { ItemId } from '@auto-refresh/core'
import type { Want } from '../protocol/message.ts'

interface ReadersPort {
  /** Some ids have their first reader, or none any more. */
  changed(add: readonly Want[], remove: readonly ItemId[]): void
}

/** Readers of each id. To the leader they are one member: 10,000 clients cost what one does (H6). */
export class Readers<Reader> {
  readonly #port: ReadersPort
  readonly #readers = new Map<ItemId, Set<Reader>>()
  /** Readers that wait for a refresh: the leader keeps the id for it. */
  readonly #waiting = new Map<ItemId, Set<Reader>>()
  readonly #added = new Map<ItemId, Want>()
  readonly #removed = new Set<ItemId>()

  constructor(port: ReadersPort) {
    this.#port = port
  }

  add(want: Want, reader: Reader): void {
    const { id } = want
    const readers = this.#readers.get(id)
    if (readers !== undefined) {
      readers.add(reader)
      return
    }
    this.#readers.set(id, new Set([reader]))
    if (!this.#removed.delete(id)) this.#added.set(id, want)
  }

  remove(id: ItemId, reader: Reader): void {
    const readers = this.#readers.get(id)
    if (readers?.delete(reader) !== true || readers.size > 0) return
    this.#readers.delete(id)
    if (!this.#added.delete(id)) this.#removed.add(id)
  }

  /** The reader is told of the id for as long as a refresh of it runs. */
  follow(id: ItemId, reader: Reader): void {
    const readers = this.#waiting.get(id)
    if (readers === undefined) this.#waiting.set(id, new Set([reader]))
    else readers.add(reader)
  }

  unfollow(id: ItemId, reader: Reader): void {
    const readers = this.#waiting.get(id)
    readers?.delete(reader)
    if (readers?.size === 0) this.#waiting.delete(id)
  }

  /** The source deleted it: the leader has forgotten it. Returns its readers. */
  forget(id: ItemId): Iterable<Reader> {
    const readers = this.#readers.get(id) ?? []
    this.#readers.delete(id)
    this.#added.delete(id)
    this.#removed.delete(id)
    return readers
  }

  /** Tells the leader what is new. */
  flush(): void {
    if (this.#added.size === 0 && this.#removed.size === 0) return
    const add = [...this.#added.values()]
    const remove = [...this.#removed]
    this.#added.clear()
    this.#removed.clear()
    this.#port.changed(add, remove)
  }

  /** All that are told of an id: some of them twice. */
  *of(id: ItemId): Generator<Reader> {
    yield* this.#readers.get(id) ?? []
    yield* this.#waiting.get(id) ?? []
  }

  has(id: ItemId): boolean {
    return this.#readers.has(id) || this.#waiting.has(id)
  }
}
