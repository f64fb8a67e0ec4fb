import type { AutoRefresh, ItemId, ItemSnapshot } from '@auto-refresh/core'
import {
  ItemObserver,
  type ItemTarget,
  type NoSelection,
  type Selection,
  type SnapshotField,
} from '@auto-refresh/core/adapter'
import { computed, toValue, type MaybeRefOrGetter, type Ref } from 'vue'
import { follow } from './attachment.ts'

/** How a component shows an item. Options are read when they are used, so a getter property may follow the id. */
export interface ItemOptions<Item> {
  /** First value of an item that is absent or pending, written when the component is mounted; shown until then. */
  readonly initialItem?: Item | undefined
  /** Creates the item if the id is absent. Default true; false: only looks. */
  readonly create?: boolean | undefined
  /** False: no subscription, nothing is created, and the cache is not retained. Default true. */
  readonly enabled?: MaybeRefOrGetter<boolean | undefined>
}

type FieldRefs<Item> = {
  readonly [Field in SnapshotField]: Readonly<Ref<ItemSnapshot<Item>[Field]>>
}

/** A snapshot as refs, one per field, and one of the whole, which narrows on its status. */
export type SnapshotRefs<Item> = FieldRefs<Item> & {
  readonly snapshot: Readonly<Ref<ItemSnapshot<Item>>>
}

/**
 * Shows an item, which is refreshed while the component is mounted. An absent id is created and fetched, unless `create` is
 * false. Only what reads a ref whose field changed runs again.
 *
 * ```ts
 * const { status, item, error } = useAutoRefreshItem(jobs, () => props.id)
 * ```
 */
export function useAutoRefreshItem<Item>(
  cache: AutoRefresh<Item>,
  id: MaybeRefOrGetter<ItemId | undefined>,
  options?: ItemOptions<Item> & NoSelection,
): SnapshotRefs<Item>
/** Returns one ref of what `select` makes of the snapshot. `select` may read refs, and runs again when they change. */
export function useAutoRefreshItem<Item, Selected>(
  cache: AutoRefresh<Item>,
  id: MaybeRefOrGetter<ItemId | undefined>,
  options: ItemOptions<Item> & Selection<Item, Selected, ItemId | undefined>,
): Readonly<Ref<Selected>>
export function useAutoRefreshItem<Item, Selected>(
  cache: AutoRefresh<Item>,
  id: MaybeRefOrGetter<ItemId | undefined>,
  options: ItemOptions<Item> & (Selection<Item, Selected, ItemId | undefined> | NoSelection) = {},
): SnapshotRefs<Item> | Readonly<Ref<Selected>> {
  const observer = new ItemObserver<Item>()
  const target = computed((): ItemTarget<Item> => {
    const { initialItem, create = true, enabled } = options
    return { cache, id: toValue(id), initialItem, create, enabled: toValue(enabled) }
  })
  const show = follow(observer, target)
  const { select, equals = Object.is } = options
  if (select === undefined) return refsOf(observer, target, show)
  const snapshot = show((read) => observer[read](target.value))
  let last: { readonly value: Selected } | undefined
  return computed(() => {
    const next = select(snapshot.value, target.value.id)
    last = last !== undefined && equals(last.value, next) ? last : { value: next }
    return last.value
  })
}

/** Makes each ref when it is first asked for, because most components read two or three. */
function refsOf<Item>(
  observer: ItemObserver<Item>,
  target: Readonly<Ref<ItemTarget<Item>>>,
  show: ReturnType<typeof follow>,
): SnapshotRefs<Item> {
  const made: { -readonly [Name in keyof SnapshotRefs<Item>]?: SnapshotRefs<Item>[Name] } = {}
  const field = <Field extends SnapshotField>(name: Field): Readonly<Ref<ItemSnapshot<Item>[Field]>> =>
    show((read) => observer[`${read}Field`](target.value, name))
  return {
    get snapshot() {
      return (made.snapshot ??= show((read) => observer[read](target.value)))
    },
    get status() {
      return (made.status ??= field('status'))
    },
    get item() {
      return (made.item ??= field('item'))
    },
    get isDeleting() {
      return (made.isDeleting ??= field('isDeleting'))
    },
    get error() {
      return (made.error ??= field('error'))
    },
    get failureCount() {
      return (made.failureCount ??= field('failureCount'))
    },
    get isRefreshing() {
      return (made.isRefreshing ??= field('isRefreshing'))
    },
    get unchangedCount() {
      return (made.unchangedCount ??= field('unchangedCount'))
    },
    get createdAt() {
      return (made.createdAt ??= field('createdAt'))
    },
    get changedAt() {
      return (made.changedAt ??= field('changedAt'))
    },
    get refreshedAt() {
      return (made.refreshedAt ??= field('refreshedAt'))
    },
    get nextRefreshAt() {
      return (made.nextRefreshAt ??= field('nextRefreshAt'))
    },
  }
}
