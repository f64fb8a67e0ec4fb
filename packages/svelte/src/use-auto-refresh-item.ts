import type { AutoRefresh, ItemId, ItemSnapshot } from '@auto-refresh/core'
import { ItemObserver, type ItemOptions, type NoSelection, type Selection } from '@auto-refresh/core/adapter'
import { show, type Current } from './current.ts'

/**
 * Shows an item, which is refreshed while `current` is read. An absent id is created and fetched, unless `create` is false.
 * Only a change of a field that was read runs anything again. An option may be a getter that follows a state.
 *
 * ```ts
 * const job = useAutoRefreshItem(jobs, () => id)
 * ```
 */
export function useAutoRefreshItem<Item>(
  cache: AutoRefresh<Item>,
  id: () => ItemId | undefined,
  options?: ItemOptions<Item> & NoSelection,
): Current<ItemSnapshot<Item>>
/** Shows what `select` makes of the snapshot. `select` may read state, and runs again when that changes. */
export function useAutoRefreshItem<Item, Selected>(
  cache: AutoRefresh<Item>,
  id: () => ItemId | undefined,
  options: ItemOptions<Item> & Selection<Item, Selected, ItemId | undefined>,
): Current<Selected>
export function useAutoRefreshItem<Item, Selected>(
  cache: AutoRefresh<Item>,
  id: () => ItemId | undefined,
  options: ItemOptions<Item> & (Selection<Item, Selected, ItemId | undefined> | NoSelection) = {},
): Current<ItemSnapshot<Item> | Selected> {
  return show(new ItemObserver<Item, Selected>(), () => {
    const { create = true, select } = options
    // A new `select`, because an observer does not run the same one again when a state changes.
    return { ...options, cache, id: id(), create, ...(select && { select: select.bind(undefined) }) }
  })
}
