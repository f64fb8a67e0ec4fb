import type { AutoRefresh, ItemId, ItemSnapshot } from '@auto-refresh/core'
import {
  ItemsObserver,
  WHOLE,
  type ItemsTarget,
  type NoSelection,
  type Selection,
} from '@auto-refresh/core/adapter'
import { computed, toValue, type MaybeRefOrGetter, type Ref } from 'vue'
import { follow } from './attachment.ts'
import { reactiveSelection } from './reactive-selection.ts'

/** How a component shows a list of items. Options are read when they are used. */
export interface ItemsOptions<Item> {
  /** First value of an id that is absent or pending, written when the component is mounted; shown until then. */
  readonly initialItem?: ((id: ItemId) => Item | undefined) | undefined
  /** Creates ids that are absent. Default true; false: only looks. */
  readonly create?: boolean | undefined
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
  const target = computed((): ItemsTarget<Item> => {
    const { initialItem, create = true, enabled } = options
    // A copy, because the array may be changed in place.
    return { cache, ids: [...toValue(ids)], initialItem, create, enabled: toValue(enabled) }
  })
  const { select, equals } = options
  if (select === undefined) {
    const observer = new ItemsObserver<Item, ItemSnapshot<Item>>()
    return follow(observer, target)((read) => observer[read](target.value, WHOLE))
  }
  const observer = new ItemsObserver<Item, Selected>()
  const withRefs = reactiveSelection({ select, equals })
  return follow(
    observer,
    target,
  )((read) => {
    const now = target.value
    return withRefs(now.ids.length, (selection) => observer[read](now, selection))
  })
}
