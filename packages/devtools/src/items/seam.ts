import type { AutoRefresh, ItemId } from '@auto-refresh/core'

/** Returns how many observe an item; undefined if this implementation of the interface does not tell. */
export function observersOf(cache: AutoRefresh<unknown>, id: ItemId): number | undefined {
  return cache.adapterSeam?.observerCount(id)
}

/** Returns the wall clock of the cache, epoch ms; the page's if this implementation of the interface does not tell. */
export function epochOf(cache: AutoRefresh<unknown>): number {
  return cache.adapterSeam?.epoch() ?? Date.now()
}
