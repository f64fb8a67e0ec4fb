import type { AutoRefresh, ItemId, ItemSnapshot } from '@auto-refresh/core'
import {
  ItemsObserver,
  WHOLE,
  type ItemsOptions,
  type ItemsTarget,
  type ListSelection,
  type NoSelection,
  type Selection,
} from '@auto-refresh/core/adapter'
import { useState } from 'preact/hooks'
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
  const { initialItem, create = true, enabled, select, equals } = options
  const target = { cache, ids, initialItem, create, enabled }
  // The same hooks in both cases.
  return select === undefined
    ? useItems<Item, ItemSnapshot<Item>>(target, WHOLE)
    : useItems<Item, Selected>(target, { select, equals })
}

function useItems<Item, Shown>(
  target: ItemsTarget<Item>,
  selection: ListSelection<Item, Shown>,
): readonly Shown[] {
  const [observer] = useState(() => new ItemsObserver<Item, Shown>())
  return useStore(observer, target, (read) => observer[read](target, selection))
}
