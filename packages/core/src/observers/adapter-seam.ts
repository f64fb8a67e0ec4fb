import {
  type AdapterSeam,
  type AdoptedState,
  type AutoRefresh,
  type ItemId,
  type ItemState,
} from '../auto-refresh.ts'

/**
 * Returns the present state of an item, with ages and delays instead of times; undefined if the id is absent.
 *
 * @throws {TypeError} if the cache has no adapter seam
 */
export function stateOf<Item>(cache: AutoRefresh<Item>, id: ItemId): ItemState<Item> | undefined {
  return seamOf(cache, 'stateOf').stateOf(id)
}

/**
 * Takes over states that another cache had. Skips ids in a running call, and states older than what is there. Items that it
 * creates belong to their subscribers.
 *
 * @throws {TypeError} if the cache has no adapter seam
 */
export function adopt<Item>(cache: AutoRefresh<Item>, states: readonly AdoptedState<Item>[]): void {
  seamOf(cache, 'adopt').adopt(states)
}

/**
 * Resolves when no running call contains the id.
 *
 * @throws {TypeError} if the cache has no adapter seam
 */
export function settled<Item>(cache: AutoRefresh<Item>, id: ItemId): Promise<void> {
  return seamOf(cache, 'settled').settled(id)
}

/**
 * Returns the number of subscribers that an id has.
 *
 * @throws {TypeError} if the cache has no adapter seam
 */
export function observerCount<Item>(cache: AutoRefresh<Item>, id: ItemId): number {
  return seamOf(cache, 'observerCount').observerCount(id)
}

/**
 * Does for some ids what `refreshAll` does for all: not for isolated items, and while the source is down by one call (E6).
 *
 * @throws {TypeError} if the cache has no adapter seam
 */
export function refreshIds<Item>(cache: AutoRefresh<Item>, ids: Iterable<ItemId>): Promise<void> {
  return seamOf(cache, 'refreshIds').refreshIds(ids)
}

/**
 * Returns the wall clock of the cache, epoch ms.
 *
 * @throws {TypeError} if the cache has no adapter seam
 */
export function epochOf<Item>(cache: AutoRefresh<Item>): number {
  return seamOf(cache, 'epochOf').epoch()
}

/** @throws {TypeError} if the cache has no adapter seam */
export function seamOf<Item>(cache: AutoRefresh<Item>, caller: string): AdapterSeam<Item> {
  const seam = cache.adapterSeam
  if (seam === undefined) throw new TypeError(`${caller}: the cache has no adapter seam`)
  return seam
}
