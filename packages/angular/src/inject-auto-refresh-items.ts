import type { Signal } from '@angular/core'
import type { AutoRefresh, ItemId, ItemSnapshot } from '@auto-refresh/core'
import { ItemsObserver, type ItemsOptions as Options } from '@auto-refresh/core/adapter'
import type { NoSelection, Selection } from '@auto-refresh/core/adapter'
import { show } from './show.ts'
import { plain, type EnabledOptions } from './options.ts'

/** How a component shows a list of items. */
export type ItemsOptions<Item> = Omit<Options<Item>, 'enabled'> & EnabledOptions

/**
 * Shows a list of items, which are refreshed from the first rendering until the component is destroyed. An element keeps its
 * reference while nothing but activity changes in it, and the list while all elements do. All changes of a turn are one.
 *
 * ```ts
 * readonly ids = input.required<readonly string[]>()
 * readonly rows = injectAutoRefreshItems(jobs, this.ids)
 * ```
 */
export function injectAutoRefreshItems<Item>(
  cache: AutoRefresh<Item>,
  ids: () => readonly ItemId[],
  options?: ItemsOptions<Item> & NoSelection,
): Signal<readonly ItemSnapshot<Item>[]>
/** Returns a list of what `select` makes of each snapshot. It may read signals, and runs for every element at each change. */
export function injectAutoRefreshItems<Item, Selected>(
  cache: AutoRefresh<Item>,
  ids: () => readonly ItemId[],
  options: ItemsOptions<Item> & Selection<Item, Selected>,
): Signal<readonly Selected[]>
export function injectAutoRefreshItems<Item, Selected>(
  cache: AutoRefresh<Item>,
  ids: () => readonly ItemId[],
  options: ItemsOptions<Item> & (Selection<Item, Selected> | NoSelection) = {},
): Signal<readonly (ItemSnapshot<Item> | Selected)[]> {
  return show(new ItemsObserver<Item, Selected>(), () => ({ ...plain(options), cache, ids: ids() }), options)
}
