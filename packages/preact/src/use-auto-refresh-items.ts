import {
  ItemsObserver,
  WHOLE,
  type AutoRefresh,
  type ItemId,
  type ItemSnapshot,
  type ItemsTarget,
  type ListSelection,
} from '@auto-refresh/core'
import { useState } from 'preact/hooks'
import { useStore } from './use-store.ts'
import type { MaybeSelect, SelectOptions } from './use-auto-refresh-item.ts'

/** How a component follows a list of items. */
export interface ItemsOptions {
  /** False: no subscriptions; the snapshots of the moment are shown. Default true. */
  readonly enabled?: boolean | undefined
}

/**
 * Follows a list of items. An element keeps its reference while its status, item, error, failureCount and isDeleting stay
 * the same, and the list while all elements do; many changes in one turn are one rendering.
 *
 * ```tsx
 * const snapshots = useAutoRefreshItems(jobs, ids)
 * const states = useAutoRefreshItems(jobs, ids, { select: ({ item }) => item?.state })
 * ```
 */
export function useAutoRefreshItems<Item>(
  cache: AutoRefresh<Item>,
  ids: readonly ItemId[],
  options?: ItemsOptions & { readonly select?: undefined },
): readonly ItemSnapshot<Item>[]
/** The same with `select`: a list of what it makes of each snapshot. */
export function useAutoRefreshItems<Item, Selected>(
  cache: AutoRefresh<Item>,
  ids: readonly ItemId[],
  options: ItemsOptions & SelectOptions<Item, Selected>,
): readonly Selected[]
export function useAutoRefreshItems<Item, Selected>(
  cache: AutoRefresh<Item>,
  ids: readonly ItemId[],
  options: ItemsOptions & MaybeSelect<Item, Selected> = {},
): readonly (ItemSnapshot<Item> | Selected)[] {
  const { enabled, select, equals } = options
  const target = { cache, ids, enabled }
  // The same hooks either way.
  return select === undefined
    ? useItems<Item, ItemSnapshot<Item>>(target, WHOLE)
    : useItems<Item, Selected>(target, { select, equals })
}

function useItems<Item, Shown>(
  target: ItemsTarget<Item>,
  selection: ListSelection<Item, Shown>,
): readonly Shown[] {
  const [observer] = useState(() => new ItemsObserver<Item, Shown>())
  return useStore(observer, target, () => observer.read(target, selection))
}
