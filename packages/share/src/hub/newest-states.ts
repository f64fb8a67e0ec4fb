import type { AutoRefresh, ItemId } from '@auto-refresh/core'
import { delay } from '../protocol/limits.ts'
import type { SharedState } from '../protocol/message.ts'
import { notFound } from './refusal.ts'
import { type EncodedItem, type EncodedItems, unencoded } from './encoded-items.ts'

/** The state of an id as JSON, but for the dates, which grow until they are sent (K19). */
interface Newest {
  readonly version: string | undefined
  /** The opening of the object and all fields but item, age and next. */
  readonly head: string
  readonly item: string | undefined
  readonly age: number | undefined
  readonly next: number | undefined
  /** When the dates were true, ms on the hub's clock. */
  readonly at: number
}

/** The newest state of each id, encoded once for all clients (H6). No client has a queue: it is told what is newest then. */
export class NewestStates<Item> {
  readonly #items: EncodedItems<Item>
  readonly #back: AutoRefresh<Item>
  readonly #newest = new Map<ItemId, Newest>()

  constructor(items: EncodedItems<Item>, back: AutoRefresh<Item>) {
    this.#items = items
    this.#back = back
  }

  /** The leader tells of a state. @param now ms on the hub's clock */
  note(told: SharedState, now: number): void {
    const { age, next } = told
    // Validators stay at the server (H2), the item is encoded but once, and no client leads, so that none needs `wait`.
    const state = {
      ...told,
      item: undefined,
      validator: undefined,
      age: undefined,
      next: undefined,
      wait: undefined,
    }
    if (state.error?.code === 'NOT_FOUND' && state.version === undefined) {
      // As what may not be read.
      const { id, seq } = state
      const head = JSON.stringify({ id, seq, error: notFound(id), failureCount: 1 }).slice(0, -1)
      this.#newest.set(id, {
        version: undefined,
        head,
        item: undefined,
        age: undefined,
        next: undefined,
        at: now,
      })
      return
    }
    const encoded = state.version === undefined ? undefined : this.#encoded(state.id)
    const isReadable = encoded === undefined || encoded.json !== undefined
    const failed = isReadable
      ? {}
      : { error: unencoded(state.id, encoded), failureCount: 1, version: undefined }
    this.#newest.set(state.id, {
      version: isReadable ? encoded?.version : undefined,
      head: JSON.stringify({ ...state, ...failed }).slice(0, -1),
      item: encoded?.json,
      age,
      next,
      at: now,
    })
  }

  /** Returns the state as JSON, without the item for who has this version; undefined if nothing is known of the id. */
  text(id: ItemId, known: string | undefined, now: number): string | undefined {
    const newest = this.#newest.get(id)
    if (newest === undefined) return undefined
    const { version, head, item, age, next, at } = newest
    const waited = Math.max(0, now - at)
    const body = version === undefined || version === known || item === undefined ? '' : `,"item":${item}`
    const since = age === undefined ? '' : `,"age":${Math.round(delay(age + waited))}`
    const until = next === undefined ? '' : `,"next":${Math.round(delay(next - waited))}`
    return `${head}${body}${since}${until}}`
  }

  version(id: ItemId): string | undefined {
    return this.#newest.get(id)?.version
  }

  forget(id: ItemId): void {
    this.#newest.delete(id)
  }

  /** Forgets all others. */
  keep(isRead: (id: ItemId) => boolean): void {
    for (const id of [...this.#newest.keys()]) if (!isRead(id)) this.#newest.delete(id)
  }

  #encoded(id: ItemId): EncodedItem | undefined {
    const item = this.#back.getSnapshot(id).item
    return item === undefined ? undefined : this.#items.get(item)
  }
}
