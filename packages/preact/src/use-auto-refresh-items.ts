import type { AutoRefresh, ItemId, ItemSnapshot } from '@auto-refresh/core'
import {
  ItemsObserver,
  type ItemsOptions,
  type NoSelection,
  type Selection,
} from '@auto-refresh/core/adapter'
import { useStore } from './use-store.ts'

/**
 * Shows a list of items, which are refreshed while the component is mounted. An element keeps its reference while nothing but
 * activity changes in it, and the list while all elements do. All changes of a turn are one rendering.
 *
 * ```tsx
 * const snapshots = useAutoRefreshItems(jobs, ids)
 * ```
 */
export function useAutoRefreshItems<Item>(
  cache: AutoRefresh<Item>,
  ids: readonly ItemId[],
  options?: ItemsOptions<Item> & NoSelection,
): readonly ItemSnapshot<Item>[]
/** Returns what `select` makes of each snapshot. */
export function useAutoRefreshItems<Item, Selected>(
  cache: AutoRefresh<Item>,
  ids: readonly ItemId[],
  options: ItemsOptions<Item> & Selection<Item, Selected>,
): readonly Selected[]
export function useAutoRefreshItems<Item, Selected>(
  cache: AutoRefresh<Item>,
  ids: readonly ItemId[],
  options: ItemsOptions<Item> & (Selection<Item, Selected> | NoSelection) = {},
): readonly (ItemSnapshot<Item> | Selected)[] {
  const target = { ...options, cache, ids, create: options.create ?? true }
  return useStore(() => new ItemsObserver<Item, Selected>(), target)
}
