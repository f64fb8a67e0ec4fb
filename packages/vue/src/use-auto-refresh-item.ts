import {
  ItemObserver,
  type AutoRefresh,
  type ItemId,
  type ItemSnapshot,
  type ItemTarget,
  type Selection,
  type SnapshotField,
} from '@auto-refresh/core'
import { toValue, type MaybeRefOrGetter, type Ref } from 'vue'
import { follow } from './attachment.ts'

/** How a component follows an item. Read when they are used, so a getter property may follow the id. */
export interface ItemOptions<Item> {
  /** Created, if the id is absent, when the component subscribes; shown until then. */
  readonly initialItem?: Item | undefined
  /** False: no subscription, and nothing created; the snapshot of the moment is shown. Default true. */
  readonly enabled?: MaybeRefOrGetter<boolean | undefined>
}

/** What a component makes of a snapshot: the ref changes only when that does by `equals` (`Object.is`). */
export type SelectOptions<Item, Selected> = Selection<Item, Selected>

/** The same where there may be none. */
export type MaybeSelect<Item, Selected> = {
  readonly [Option in keyof SelectOptions<Item, Selected>]?: SelectOptions<Item, Selected>[Option] | undefined
}

/** A snapshot as refs, one a field. */
export type SnapshotRefs<Item> = {
  readonly [Field in keyof ItemSnapshot<Item>]: Readonly<Ref<ItemSnapshot<Item>[Field]>>
}

/**
 * Follows an item while the component, or the effect scope, lives. Only what reads a ref whose field changed is run again.
 *
 * ```ts
 * const { status, item, error } = useAutoRefreshItem(jobs, () => props.id)
 * ```
 */
export function useAutoRefreshItem<Item>(
  cache: AutoRefresh<Item>,
  id: MaybeRefOrGetter<ItemId | undefined>,
  options?: ItemOptions<Item> & { readonly select?: undefined },
): SnapshotRefs<Item>
/** The same with `select`: one ref of what it makes of the snapshot. */
export function useAutoRefreshItem<Item, Selected>(
  cache: AutoRefresh<Item>,
  id: MaybeRefOrGetter<ItemId | undefined>,
  options: ItemOptions<Item> & SelectOptions<Item, Selected>,
): Readonly<Ref<Selected>>
export function useAutoRefreshItem<Item, Selected>(
  cache: AutoRefresh<Item>,
  id: MaybeRefOrGetter<ItemId | undefined>,
  options: ItemOptions<Item> & MaybeSelect<Item, Selected> = {},
): SnapshotRefs<Item> | Readonly<Ref<Selected>> {
  const observer = new ItemObserver<Item, Selected>()
  const show = follow(observer, (): ItemTarget<Item> => ({
    cache,
    id: toValue(id),
    initialItem: options.initialItem,
    enabled: toValue(options.enabled),
  }))
  const { select, equals } = options
  if (select !== undefined)
    return show((target) => observer.select(observer.read(target), { select, equals }))
  const field = <Field extends SnapshotField>(name: Field): Readonly<Ref<ItemSnapshot<Item>[Field]>> =>
    show((target) => observer.readField(target, name))
  return {
    status: field('status'),
    item: field('item'),
    isDeleting: field('isDeleting'),
    error: field('error'),
    failureCount: field('failureCount'),
    isRefreshing: field('isRefreshing'),
    unchangedCount: field('unchangedCount'),
    createdAt: field('createdAt'),
    changedAt: field('changedAt'),
    refreshedAt: field('refreshedAt'),
    nextRefreshAt: field('nextRefreshAt'),
  }
}
