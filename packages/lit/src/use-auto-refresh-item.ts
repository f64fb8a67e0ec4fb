import type { AutoRefresh, ItemId, ItemSnapshot } from '@auto-refresh/core'
import { ItemObserver, type ItemOptions, type NoSelection, type Selection } from '@auto-refresh/core/adapter'
import type { ReactiveControllerHost } from 'lit'
import { show, type Shown } from './shown.ts'

/**
 * Shows an item, which is refreshed while the host is connected. An absent id is created and fetched, unless `create` is
 * false. The host is updated only if a field changes that was read. `id` is called
 * before each rendering, so that it follows a property.
 *
 * ```ts
 * readonly job = useAutoRefreshItem(this, jobs, () => this.jobId)
 * ```
 */
export function useAutoRefreshItem<Item>(
  host: ReactiveControllerHost,
  cache: AutoRefresh<Item>,
  id: () => ItemId | undefined,
  options?: ItemOptions<Item> & NoSelection,
): Shown<ItemSnapshot<Item>>
/** Shows what `select` makes of the snapshot, in each update of the host, so that it may read properties. */
export function useAutoRefreshItem<Item, Selected>(
  host: ReactiveControllerHost,
  cache: AutoRefresh<Item>,
  id: () => ItemId | undefined,
  options: ItemOptions<Item> & Selection<Item, Selected, ItemId | undefined>,
): Shown<Selected>
export function useAutoRefreshItem<Item, Selected>(
  host: ReactiveControllerHost,
  cache: AutoRefresh<Item>,
  id: () => ItemId | undefined,
  options: ItemOptions<Item> & (Selection<Item, Selected, ItemId | undefined> | NoSelection) = {},
): Shown<ItemSnapshot<Item> | Selected> {
  return show(host, new ItemObserver<Item, Selected>(), () => {
    const { create = true, select } = options
    // A new `select`, because an observer does not run the same one again when a property of the host changes.
    return { ...options, cache, id: id(), create, ...(select && { select: select.bind(undefined) }) }
  })
}
