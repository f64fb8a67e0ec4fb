import type { AutoRefresh, ItemId, ItemSnapshot } from '@auto-refresh/core'
import {
  ItemsObserver,
  type ItemsOptions,
  type NoSelection,
  type Selection,
} from '@auto-refresh/core/adapter'
import { show, type Current } from './current.ts'

/**
 * Shows a list of items, which are refreshed while `current` is read. An element keeps its reference while nothing but
 * activity changes in it, and the list while all elements do. All changes of a turn are one update.
 *
 * ```ts
 * const list = useAutoRefreshItems(jobs, () => ids)
 * ```
 */
export function useAutoRefreshItems<Item>(
  cache: AutoRefresh<Item>,
  ids: () => readonly ItemId[],
  options?: ItemsOptions<Item> & NoSelection,
): Current<readonly ItemSnapshot<Item>[]>
/** Shows what `select` makes of each snapshot. It may read state, and runs for every element at each change. */
export function useAutoRefreshItems<Item, Selected>(
  cache: AutoRefresh<Item>,
  ids: () => readonly ItemId[],
  options: ItemsOptions<Item> & Selection<Item, Selected>,
): Current<readonly Selected[]>
export function useAutoRefreshItems<Item, Selected>(
  cache: AutoRefresh<Item>,
  ids: () => readonly ItemId[],
  options: ItemsOptions<Item> & (Selection<Item, Selected> | NoSelection) = {},
): Current<readonly (ItemSnapshot<Item> | Selected)[]> {
  return show(new ItemsObserver<Item, Selected>(), () => {
    const { create = true, select } = options
    // A copy of the ids, because an array of `$state` is changed in place. A new `select`, because an observer does not run
    // the same one again when a state changes.
    return { ...options, cache, ids: [...ids()], create, ...(select && { select: select.bind(undefined) }) }
  })
}
