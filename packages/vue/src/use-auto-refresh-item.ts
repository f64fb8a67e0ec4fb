import type { AutoRefresh, ItemId, ItemSnapshot } from '@auto-refresh/core'
import {
  ItemObserver,
  SNAPSHOT_FIELDS,
  type ItemOptions as PlainOptions,
  type NoSelection,
  type Selection,
  type SnapshotField,
} from '@auto-refresh/core/adapter'
import { computed, toValue, type MaybeRefOrGetter, type Ref } from 'vue'
import { follow, lazily, valuesOf } from './attachment.ts'

/** How a component shows an item. Options are read when they are used, so a getter property may follow the id. */
export interface ItemOptions<Item> extends Omit<PlainOptions<Item>, 'enabled'> {
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
  const target = computed(() => ({ ...valuesOf(options), cache, id: toValue(id), select: undefined }))
  const read = follow(new ItemObserver<Item>(), target)
  const snapshot = lazily(read)
  const { select, equals = Object.is } = options
  if (select === undefined) {
    const fields = SNAPSHOT_FIELDS.map((field) => [field, lazily(() => read()[field])])
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each field has a ref of its own value
    return { snapshot, ...(Object.fromEntries(fields) as FieldRefs<Item>) }
  }
  let last: { readonly of: ItemId | undefined; readonly value: Selected } | undefined
  return lazily(() => {
    const of = toValue(id)
    const value = select(snapshot.value, of)
    // A value of another item is not compared.
    if (last === undefined || last.of !== of || !equals(last.value, value)) last = { of, value }
    return last.value
  })
}
