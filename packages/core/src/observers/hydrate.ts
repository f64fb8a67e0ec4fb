import type { AutoRefresh, ItemId, ItemState } from '../auto-refresh.ts'
import { adopt, epochOf, stateOf } from './adapter-seam.ts'
import { noteHydrated } from './hydrated.ts'

/** Version of the data that this module writes and reads. */
const VERSION = 1
/** Maximum items read from one message. */
const MAX_ITEMS = 100_000
/** Maximum characters of an id in a message. */
const MAX_ID_LENGTH = 10_000

/** Items as a server's render passes them to the page. Plain data, if items and validators are. */
export interface DehydratedItems<Item> {
  readonly version: typeof VERSION
  /** When it was written, epoch ms. */
  readonly at: number
  readonly states: readonly ItemState<Item>[]
}

/**
 * Returns the state of items for `hydrate`. An error crosses as `{ message: 'failed on the server' }`, because its text may
 * contain what a page must not see.
 *
 * @param ids default: every id of the cache; absent ones are left out
 * @throws {TypeError} if the cache has no adapter seam
 */
export function dehydrate<Item>(
  cache: AutoRefresh<Item>,
  ids: Iterable<ItemId> = cache.ids(),
): DehydratedItems<Item> {
  const states: ItemState<Item>[] = []
  for (const id of ids) {
    const state = stateOf(cache, id)
    if (state === undefined) continue
    const error = state.error === undefined ? undefined : { message: 'failed on the server' }
    // The delay of an overdue item may be negative, which `hydrate` does not accept.
    const next = state.next === undefined ? undefined : Math.max(0, state.next)
    states.push({ ...state, error, next })
  }
  return { version: VERSION, at: epochOf(cache), states }
}

/**
 * Adds the items of `dehydrate` to a cache. They belong to their subscribers, and values in the cache that are newer stay.
 * Ages count on by the wall clock, because a page may have lain in a cache of the network.
 *
 * The data is untrusted: another version, and states of another shape, are ignored. Values are not checked, because only
 * the application knows their shape.
 *
 * @param data at most 100,000 items, ids of at most 10,000 characters; the rest is ignored
 * @throws {TypeError} if the cache has no adapter seam
 */
export function hydrate<Item>(cache: AutoRefresh<Item>, data: unknown): void {
  const states: ItemState<Item>[] = []
  const elapsed = elapsedOf(cache, data)
  for (const entry of entriesOf(data)) {
    if (isState<Item>(entry)) states.push(copyOf(entry, elapsed))
  }
  adopt(cache, states)
  noteHydrated(cache, states)
}

function entriesOf(data: unknown): readonly unknown[] {
  if (!isObject(data) || data['version'] !== VERSION || !Array.isArray(data['states'])) return []
  return data['states'].slice(0, MAX_ITEMS)
}

function isState<Item>(entry: unknown): entry is ItemState<Item> {
  return (
    isObject(entry) &&
    typeof entry['id'] === 'string' &&
    entry['id'].length <= MAX_ID_LENGTH &&
    entry['item'] !== null &&
    isCount(entry['failureCount']) &&
    isCount(entry['unchangedCount']) &&
    isDuration(entry['age']) &&
    isDuration(entry['next'])
  )
}

/** ms since the data was written; 0 if the clocks of server and page say otherwise. */
function elapsedOf<Item>(cache: AutoRefresh<Item>, data: unknown): number {
  const at = isObject(data) ? data['at'] : undefined
  return typeof at === 'number' && at >= 0 ? Math.max(0, epochOf(cache) - at) : 0
}

/** Leaves out fields that a state does not have, makes an error of what crossed as one, and lets `elapsed` ms pass. */
function copyOf<Item>(state: ItemState<Item>, elapsed: number): ItemState<Item> {
  const { id, item, validator, failureCount, unchangedCount, age, next } = state
  return {
    id,
    item,
    validator,
    error: errorOf(state.error),
    failureCount,
    unchangedCount,
    age: age === undefined ? undefined : age + elapsed,
    next: next === undefined ? undefined : Math.max(0, next - elapsed),
  }
}

function errorOf(error: unknown): unknown {
  return isObject(error) ? new Error(typeof error['message'] === 'string' ? error['message'] : '') : error
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function isDuration(value: unknown): boolean {
  return value === undefined || (typeof value === 'number' && value >= 0 && value < Infinity)
}
