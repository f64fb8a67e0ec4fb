import type { ItemId } from '@auto-refresh/core'
import type { QueryKey } from './tanstack.ts'

/** How ids and keys belong together. */
export interface KeyOptions {
  /** Returns the key of an id. The id has to be one of the strings or numbers in it, unless `id` is given, too. */
  readonly queryKey: (id: ItemId) => QueryKey
  /** Returns the id of a key, or undefined for the key of another query. Default: found by `queryKey`. */
  readonly id?: (queryKey: QueryKey) => ItemId | undefined
}

/**
 * Returns the id whose key this is, if any: one of which `queryKey` makes the same key again. Found so, the two functions
 * cannot disagree.
 */
export function idOfKey(key: QueryKey, { queryKey, id }: KeyOptions): ItemId | undefined {
  for (const candidate of id === undefined ? candidatesIn(key) : [id(key)]) {
    if (candidate !== undefined && isSame(queryKey(candidate), key)) return candidate
  }
  return undefined
}

function* candidatesIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (typeof value === 'number') yield String(value)
  else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) yield* candidatesIn(part)
  }
}

/** Compares two keys as TanStack Query does by their hashes: properties in any order, an undefined one as none. */
function isSame(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) !== Array.isArray(right)) return false
  const names = new Set([...Object.keys(left), ...Object.keys(right)])
  for (const name of names) if (!isSame(Reflect.get(left, name), Reflect.get(right, name))) return false
  return true
}
