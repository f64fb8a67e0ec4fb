import type { AutoRefresh, ItemId, ItemSnapshot } from '@auto-refresh/core'
import { ItemObserver, type ItemOptions, type NoSelection, type Selection } from '@auto-refresh/core/adapter'
import { createMemo, type Accessor } from 'solid-js'
import { show } from './shown.ts'

/**
 * Shows an item, which is refreshed until the owner is disposed. An absent id is created and fetched, unless `create` is
 * false. The accessor changes only if a field changes that was read. An option may be a getter that follows a signal.
 *
 * ```tsx
 * const job = useAutoRefreshItem(jobs, () => props.id)
 * ```
 */
export function useAutoRefreshItem<Item>(
  cache: AutoRefresh<Item>,
  id: Accessor<ItemId | undefined>,
  options?: ItemOptions<Item> & NoSelection,
): Accessor<ItemSnapshot<Item>>
/** Shows what `select` makes of the snapshot. `select` may read signals, and runs again when they change. */
export function useAutoRefreshItem<Item, Selected>(
  cache: AutoRefresh<Item>,
  id: Accessor<ItemId | undefined>,
  options: ItemOptions<Item> & Selection<Item, Selected, ItemId | undefined>,
): Accessor<Selected>
export function useAutoRefreshItem<Item, Selected>(
  cache: AutoRefresh<Item>,
  id: Accessor<ItemId | undefined>,
  options: ItemOptions<Item> & (Selection<Item, Selected, ItemId | undefined> | NoSelection) = {},
): Accessor<ItemSnapshot<Item> | Selected> {
  const snapshot = show(new ItemObserver<Item>(), () => {
    const { initialItem, create = true, enabled } = options
    return { cache, id: id(), initialItem, create, enabled }
  })
  const { select, equals = Object.is } = options
  if (select === undefined) return snapshot
  // In the memo, because Solid gives an error of its own comparison to no boundary.
  let last: { readonly of: ItemId | undefined; readonly value: Selected } | undefined
  return createMemo(() => {
    const of = id()
    const value = select(snapshot(), of)
    // A value of another item is not compared.
    if (last === undefined || last.of !== of || !equals(last.value, value)) last = { of, value }
    return last.value
  })
}
