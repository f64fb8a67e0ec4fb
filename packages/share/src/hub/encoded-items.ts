import type { ItemId } from '@auto-refresh/core'
import { unsendable } from '../protocol/errors.ts'
import { MAX_ITEM_LENGTH } from '../protocol/limits.ts'
import type { SharedError } from '../protocol/message.ts'

/** An item as JSON, and a hash of it. */
export interface EncodedItem {
  /** Another text for another item, the same one on every server. */
  readonly version: string
  /** Undefined: the item cannot be encoded, or is too long. */
  readonly json: string | undefined
  /** Characters as JSON; 0 if it cannot be encoded. */
  readonly length: number
}

/** Returns the error of an item that has no JSON (K12). */
export function unencoded(id: ItemId, { length }: EncodedItem): SharedError {
  const isLong = length > MAX_ITEM_LENGTH
  const why = `has ${length} characters as JSON, and a hub sends at most ${MAX_ITEM_LENGTH}`
  return unsendable(id, `an item ${isLong ? why : 'cannot be encoded as JSON'}`)
}

/** Encodes each item once (H6). */
export class EncodedItems<Item> {
  readonly #serialize: (item: Item) => unknown
  readonly #known = new WeakMap<object, EncodedItem>()

  constructor(serialize: (item: Item) => unknown) {
    this.#serialize = serialize
  }

  get(item: Item): EncodedItem {
    const isObject = typeof item === 'object' && item !== null
    const known = isObject ? this.#known.get(item) : undefined
    if (known !== undefined) return known
    const encoded = this.#encode(item)
    if (isObject) this.#known.set(item, encoded)
    return encoded
  }

  #encode(item: Item): EncodedItem {
    let json: string | undefined
    let length = 0
    try {
      // `undefined` for what JSON does not know, although its type says otherwise; null would be no item.
      const text: unknown = JSON.stringify(this.#serialize(item))
      if (typeof text === 'string' && text !== 'null') {
        length = text.length
        if (length <= MAX_ITEM_LENGTH) json = text
      }
    } catch {
      // It fails at the clients (K12).
    }
    return { version: json === undefined ? `unreadable ${length}` : hash(json), json, length }
  }
}

/** A hash of 64 bits: FNV-1a twice, from two beginnings. It only has to differ, and nobody gains by making it not. */
function hash(text: string): string {
  let a = 0x811c9dc5
  let b = 0x9747b28c
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    a = Math.imul(a ^ code, 0x01000193)
    b = Math.imul(b ^ code, 0x85ebca6b)
    b ^= b >>> 13
  }
  return `${(a >>> 0).toString(36)}-${(b >>> 0).toString(36)}`
}
