import type { AutoRefresh, ItemId, ItemSnapshot } from '@auto-refresh/core'
import type { ItemsOptions as PlainOptions, NoSelection, Selection } from '@auto-refresh/core/adapter'
import { computed, toValue, type MaybeRefOrGetter, type Ref } from 'vue'
import { follow, lazily, valuesOf } from './attachment.ts'
import { ReactiveList } from './reactive-list.ts'

/** How a component shows a list of items. Options are read when they are used. */
export interface ItemsOptions<Item> extends Omit<PlainOptions<Item>, 'enabled'> {
  /** False: no subscriptions, nothing is created, and the cache is not retained. Default true. */
  readonly enabled?: MaybeRefOrGetter<boolean | undefined>
}

/**
 * Shows a list of items, which are refreshed while the component is mounted. An element keeps its reference while nothing but
 * activity changes in it, and the list while all elements do. All changes of a turn are one update.
 *
 * ```ts
 * const snapshots = useAutoRefreshItems(jobs, () => props.ids)
 * ```
 */
export function useAutoRefreshItems<Item>(
  cache: AutoRefresh<Item>,
  ids: MaybeRefOrGetter<readonly ItemId[]>,
  options?: ItemsOptions<Item> & NoSelection,
): Readonly<Ref<readonly ItemSnapshot<Item>[]>>
/** Returns a list of what `select` makes of each snapshot. `select` may read refs, and runs again when they change. */
export function useAutoRefreshItems<Item, Selected>(
  cache: AutoRefresh<Item>,
  ids: MaybeRefOrGetter<readonly ItemId[]>,
  options: ItemsOptions<Item> & Selection<Item, Selected>,
): Readonly<Ref<readonly Selected[]>>
export function useAutoRefreshItems<Item, Selected>(
  cache: AutoRefresh<Item>,
  ids: MaybeRefOrGetter<readonly ItemId[]>,
  options: ItemsOptions<Item> & (Selection<Item, Selected> | NoSelection) = {},
): Readonly<Ref<readonly (ItemSnapshot<Item> | Selected)[]>> {
  // A copy of the ids, because the array may be changed in place.
  const target = computed(() => ({ ...valuesOf(options), cache, ids: [...toValue(ids)] }))
  return lazily(follow(new ReactiveList<Item, Selected>(), target))
}
