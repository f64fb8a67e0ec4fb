import {
  ItemsObserver,
  WHOLE,
  type AutoRefresh,
  type ItemId,
  type ItemSnapshot,
  type ItemsTarget,
  type ListSelection,
} from '@auto-refresh/core'
import { toValue, type MaybeRefOrGetter, type Ref } from 'vue'
import { follow } from './attachment.ts'
import type { MaybeSelect, SelectOptions } from './use-auto-refresh-item.ts'

/** How a component follows a list of items. */
export interface ItemsOptions {
  /** False: no subscriptions; the snapshots of the moment are shown. Default true. */
  readonly enabled?: MaybeRefOrGetter<boolean | undefined>
}

/**
 * Follows a list of items. An element keeps its reference while its status, item, error, failureCount and isDeleting stay
 * the same, and the list while all elements do; many changes in one turn are one update.
 *
 * ```ts
 * const snapshots = useAutoRefreshItems(jobs, () => props.ids)
 * const states = useAutoRefreshItems(jobs, ids, { select: ({ item }) => item?.state })
 * ```
 */
export function useAutoRefreshItems<Item>(
  cache: AutoRefresh<Item>,
  ids: MaybeRefOrGetter<readonly ItemId[]>,
  options?: ItemsOptions & { readonly select?: undefined },
): Readonly<Ref<readonly ItemSnapshot<Item>[]>>
/** The same with `select`: a list of what it makes of each snapshot. */
export function useAutoRefreshItems<Item, Selected>(
  cache: AutoRefresh<Item>,
  ids: MaybeRefOrGetter<readonly ItemId[]>,
  options: ItemsOptions & SelectOptions<Item, Selected>,
): Readonly<Ref<readonly Selected[]>>
export function useAutoRefreshItems<Item, Selected>(
  cache: AutoRefresh<Item>,
  ids: MaybeRefOrGetter<readonly ItemId[]>,
  options: ItemsOptions & MaybeSelect<Item, Selected> = {},
): Readonly<Ref<readonly (ItemSnapshot<Item> | Selected)[]>> {
  const { select, equals } = options
  const target = (): ItemsTarget<Item> => ({
    cache,
    ids: [...toValue(ids)],
    enabled: toValue(options.enabled),
  })
  return select === undefined
    ? useItems<Item, ItemSnapshot<Item>>(target, WHOLE)
    : useItems<Item, Selected>(target, { select, equals })
}

function useItems<Item, Shown>(
  target: () => ItemsTarget<Item>,
  selection: ListSelection<Item, Shown>,
): Readonly<Ref<readonly Shown[]>> {
  const observer = new ItemsObserver<Item, Shown>()
  return follow(observer, target)((now) => observer.read(now, selection))
}
