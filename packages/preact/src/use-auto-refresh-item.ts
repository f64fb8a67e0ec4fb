import type { AutoRefresh, ItemId, ItemSnapshot } from '@auto-refresh/core'
import { ItemObserver, type ItemOptions, type NoSelection, type Selection } from '@auto-refresh/core/adapter'
import { useStore } from './use-store.ts'

/**
 * Shows an item, which is refreshed while the component is mounted. An absent id is created and fetched, unless `create` is
 * false. The component renders again only when a field that it has read changes.
 *
 * ```tsx
 * const { status, item, error } = useAutoRefreshItem(jobs, id)
 * ```
 */
export function useAutoRefreshItem<Item>(
  cache: AutoRefresh<Item>,
  id: ItemId | undefined,
  options?: ItemOptions<Item> & NoSelection,
): ItemSnapshot<Item>
/** Returns what `select` makes of the snapshot. The component renders again only when that changes by `equals`. */
export function useAutoRefreshItem<Item, Selected>(
  cache: AutoRefresh<Item>,
  id: ItemId | undefined,
  options: ItemOptions<Item> & Selection<Item, Selected, ItemId | undefined>,
): Selected
export function useAutoRefreshItem<Item, Selected>(
  cache: AutoRefresh<Item>,
  id: ItemId | undefined,
  options: ItemOptions<Item> & (Selection<Item, Selected, ItemId | undefined> | NoSelection) = {},
): ItemSnapshot<Item> | Selected {
  const target = { ...options, cache, id, create: options.create ?? true }
  return useStore(() => new ItemObserver<Item, Selected>(), target)
}
