import type { AutoRefresh, ItemId, ItemSnapshot } from '@auto-refresh/core'
import {
  ItemsObserver,
  type ItemsOptions,
  type NoSelection,
  type Selection,
} from '@auto-refresh/core/adapter'
import type { Accessor } from 'solid-js'
import { show } from './shown.ts'

/**
 * Shows a list of items, which are refreshed until the owner is disposed. An element keeps its reference while nothing but
 * activity changes in it, and the list while all elements do. All changes of a turn are one update.
 *
 * ```tsx
 * const list = useAutoRefreshItems(jobs, () => props.ids)
 * ```
 */
export function useAutoRefreshItems<Item>(
  cache: AutoRefresh<Item>,
  ids: Accessor<readonly ItemId[]>,
  options?: ItemsOptions<Item> & NoSelection,
): Accessor<readonly ItemSnapshot<Item>[]>
/** Shows what `select` makes of each snapshot. It may read signals, and runs for every element at each change. */
export function useAutoRefreshItems<Item, Selected>(
  cache: AutoRefresh<Item>,
  ids: Accessor<readonly ItemId[]>,
  options: ItemsOptions<Item> & Selection<Item, Selected>,
): Accessor<readonly Selected[]>
export function useAutoRefreshItems<Item, Selected>(
  cache: AutoRefresh<Item>,
  ids: Accessor<readonly ItemId[]>,
  options: ItemsOptions<Item> & (Selection<Item, Selected> | NoSelection) = {},
): Accessor<readonly (ItemSnapshot<Item> | Selected)[]> {
  return show(new ItemsObserver<Item, Selected>(), () => {
    const { create = true, select } = options
    // A copy of the ids, because an array of a store is changed in place. A new `select`, because an observer does not run
    // the same one again when a signal changes.
    return { ...options, cache, ids: [...ids()], create, ...(select && { select: select.bind(undefined) }) }
  })
}
