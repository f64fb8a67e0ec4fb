import {
  ItemObserver,
  type AutoRefresh,
  type ItemId,
  type ItemSnapshot,
  type Selection,
} from '@auto-refresh/core'
import { useState } from 'react'
import { useStore } from './use-store.ts'

/** How a component follows an item. */
export interface ItemOptions<Item> {
  /** Created, if the id is absent, when the component subscribes; shown until then. */
  readonly initialItem?: Item | undefined
  /** False: no subscription, and nothing created; the snapshot of the moment is shown. Default true. */
  readonly enabled?: boolean | undefined
}

/** What a component makes of a snapshot: it renders again only when that changes by `equals` (`Object.is`). */
export type SelectOptions<Item, Selected> = Selection<Item, Selected>

/** The same where there may be none. */
export type MaybeSelect<Item, Selected> = {
  readonly [Option in keyof SelectOptions<Item, Selected>]?: SelectOptions<Item, Selected>[Option] | undefined
}

/**
 * Follows an item while the component is mounted, and renders it again only when a field that it read has changed.
 *
 * ```tsx
 * function Row({ id }: { id: string }) {
 *   const { status, item, error } = useAutoRefreshItem(jobs, id)
 *   return <li>{status === 'missing' ? 'no such job' : item.progress}</li>
 * }
 * ```
 */
export function useAutoRefreshItem<Item>(
  cache: AutoRefresh<Item>,
  id: ItemId | undefined,
  options?: ItemOptions<Item> & { readonly select?: undefined },
): ItemSnapshot<Item>
/** The same with `select`: gives what it makes of the snapshot. */
export function useAutoRefreshItem<Item, Selected>(
  cache: AutoRefresh<Item>,
  id: ItemId | undefined,
  options: ItemOptions<Item> & SelectOptions<Item, Selected>,
): Selected
export function useAutoRefreshItem<Item, Selected>(
  cache: AutoRefresh<Item>,
  id: ItemId | undefined,
  options: ItemOptions<Item> & MaybeSelect<Item, Selected> = {},
): ItemSnapshot<Item> | Selected {
  const { initialItem, enabled, select, equals } = options
  const [observer] = useState(() => new ItemObserver<Item, Selected>())
  const target = { cache, id, initialItem, enabled }
  const show = (snapshot: ItemSnapshot<Item>): ItemSnapshot<Item> | Selected =>
    select === undefined ? snapshot : observer.select(snapshot, { select, equals })
  return useStore(
    observer,
    target,
    () => show(observer.read(target)),
    () => show(observer.readInitial(target)),
  )
}
