import type { AutoRefresh, ItemId, ItemSnapshot } from '@auto-refresh/core'
import {
  ItemsObserver,
  type ItemsOptions,
  type NoSelection,
  type Selection,
} from '@auto-refresh/core/adapter'
import type { ReactiveControllerHost } from 'lit'
import { show, type Shown } from './shown.ts'

/**
 * Shows a list of items, which are refreshed while the host is connected. An element keeps its reference while nothing but
 * activity changes in it, and the list while all elements do. All changes of a turn are one update.
 *
 * ```ts
 * readonly list = useAutoRefreshItems(this, jobs, () => this.ids)
 * ```
 */
export function useAutoRefreshItems<Item>(
  host: ReactiveControllerHost,
  cache: AutoRefresh<Item>,
  ids: () => readonly ItemId[],
  options?: ItemsOptions<Item> & NoSelection,
): Shown<readonly ItemSnapshot<Item>[]>
/** Shows what `select` makes of each snapshot, for every element in each update of the host. */
export function useAutoRefreshItems<Item, Selected>(
  host: ReactiveControllerHost,
  cache: AutoRefresh<Item>,
  ids: () => readonly ItemId[],
  options: ItemsOptions<Item> & Selection<Item, Selected>,
): Shown<readonly Selected[]>
export function useAutoRefreshItems<Item, Selected>(
  host: ReactiveControllerHost,
  cache: AutoRefresh<Item>,
  ids: () => readonly ItemId[],
  options: ItemsOptions<Item> & (Selection<Item, Selected> | NoSelection) = {},
): Shown<readonly (ItemSnapshot<Item> | Selected)[]> {
  return show(host, new ItemsObserver<Item, Selected>(), () => {
    const { create = true, select } = options
    // A new `select`, because an observer does not run the same one again when a property of the host changes.
    return { ...options, cache, ids: [...ids()], create, ...(select && { select: select.bind(undefined) }) }
  })
}
