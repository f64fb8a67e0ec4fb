import type { Signal } from '@angular/core'
import type { AutoRefresh, ItemId, ItemSnapshot } from '@auto-refresh/core'
import { ItemObserver, type ItemOptions as Options } from '@auto-refresh/core/adapter'
import type { NoSelection, Selection } from '@auto-refresh/core/adapter'
import { show } from './show.ts'
import { plain, type EnabledOptions } from './options.ts'

/** How a component shows an item. */
export type ItemOptions<Item> = Omit<Options<Item>, 'enabled'> & EnabledOptions

/**
 * Shows an item, which is refreshed from the first rendering until the component is destroyed. An absent id is created and
 * fetched, unless `create` is false. The signal changes only if a field changes that was read of it.
 *
 * ```ts
 * readonly id = input.required<string>()
 * readonly job = injectAutoRefreshItem(jobs, this.id)
 * ```
 */
export function injectAutoRefreshItem<Item>(
  cache: AutoRefresh<Item>,
  id: () => ItemId | undefined,
  options?: ItemOptions<Item> & NoSelection,
): Signal<ItemSnapshot<Item>>
/** Returns a signal of what `select` makes of the snapshot. `select` may read signals, and runs again when they change. */
export function injectAutoRefreshItem<Item, Selected>(
  cache: AutoRefresh<Item>,
  id: () => ItemId | undefined,
  options: ItemOptions<Item> & Selection<Item, Selected, ItemId | undefined>,
): Signal<Selected>
export function injectAutoRefreshItem<Item, Selected>(
  cache: AutoRefresh<Item>,
  id: () => ItemId | undefined,
  options: ItemOptions<Item> & (Selection<Item, Selected, ItemId | undefined> | NoSelection) = {},
): Signal<ItemSnapshot<Item> | Selected> {
  return show(new ItemObserver<Item, Selected>(), () => ({ ...plain(options), cache, id: id() }), options)
}
