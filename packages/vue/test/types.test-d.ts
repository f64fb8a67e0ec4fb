import type { AutoRefresh, CacheStatus, ItemId, ItemSnapshot, ItemStatus } from '@auto-refresh/core'
import {
  useAutoRefreshIds,
  useAutoRefreshItem,
  useAutoRefreshItems,
  useAutoRefreshStatus,
  type ItemOptions,
  type ItemsOptions,
  type SelectOptions,
  type SnapshotRefs,
} from '@auto-refresh/vue'
import { describe, expectTypeOf, it } from 'vitest'
import { computed, ref, type MaybeRefOrGetter, type Ref } from 'vue'

interface Job {
  readonly progress: number
}
declare const cache: AutoRefresh<Job>
declare const props: { readonly id: string; readonly enabled?: boolean | undefined }
type Arguments = Parameters<typeof useAutoRefreshItem<Job>>

// Compiled, never run: that it compiles is the test.
describe('useAutoRefreshItem', () => {
  it('types: the item is that of the cache, without an annotation, in a ref that cannot be written', () => {
    const refs = useAutoRefreshItem(cache, 'a')
    expectTypeOf(refs).toEqualTypeOf<SnapshotRefs<Job>>()
    expectTypeOf(refs.item).toEqualTypeOf<Readonly<Ref<Job | undefined>>>()
    expectTypeOf(refs.status.value).toEqualTypeOf<ItemStatus>()
    expectTypeOf(refs.error.value).toEqualTypeOf<unknown>()
    expectTypeOf<keyof typeof refs>().toEqualTypeOf<keyof ItemSnapshot<Job> | 'snapshot'>()
  })

  it('types: the snapshot narrows on the status', () => {
    const { value } = useAutoRefreshItem(cache, 'a').snapshot
    if (value.status === 'missing' || value.status === 'pending')
      expectTypeOf(value.item).toEqualTypeOf<undefined>()
    else expectTypeOf(value.item).toEqualTypeOf<Job>()
  })

  it('types: id and enabled are values, refs or getters', () => {
    expectTypeOf<Arguments[1]>().toEqualTypeOf<MaybeRefOrGetter<ItemId | undefined>>()
    expectTypeOf(useAutoRefreshItem(cache, () => props.id)).toEqualTypeOf<SnapshotRefs<Job>>()
    expectTypeOf(useAutoRefreshItem(cache, ref<string>(), { enabled: () => props.enabled })).toEqualTypeOf<
      SnapshotRefs<Job>
    >()
    expectTypeOf(
      useAutoRefreshItem(
        cache,
        computed(() => props.id),
        { enabled: ref(true), initialItem: { progress: 1 } },
      ),
    ).toEqualTypeOf<SnapshotRefs<Job>>()
  })

  it('types: with `select` it gives one ref of what that gives', () => {
    expectTypeOf(useAutoRefreshItem(cache, ref('a'), { select: (job) => job.item?.progress })).toEqualTypeOf<
      Readonly<Ref<number | undefined>>
    >()
    useAutoRefreshItem(cache, 'a', {
      create: false,
      select: (snapshot, id) => {
        expectTypeOf(snapshot).toEqualTypeOf<ItemSnapshot<Job>>()
        expectTypeOf(id).toEqualTypeOf<ItemId | undefined>()
        return snapshot.failureCount
      },
      equals: (previous, next) => {
        expectTypeOf(previous).toEqualTypeOf<number>()
        return previous === next
      },
    })
    expectTypeOf<{ equals: () => boolean }>().not.toExtend<SelectOptions<Job, number>>()
  })

  it('types: an id that is not a string, and an item of another kind, are none', () => {
    expectTypeOf<number>().not.toExtend<Arguments[1]>()
    expectTypeOf<Ref<number>>().not.toExtend<Arguments[1]>()
    expectTypeOf<{ initialItem: string }>().not.toExtend<ItemOptions<Job>>()
    expectTypeOf<{ enabled: string }>().not.toExtend<ItemOptions<Job>>()
  })
})

describe('useAutoRefreshItems', () => {
  it('types: it gives a ref of a list of snapshots, read-only', () => {
    const list = useAutoRefreshItems(cache, ref(['a']), { enabled: ref(true) })
    expectTypeOf(list).toEqualTypeOf<Readonly<Ref<readonly ItemSnapshot<Job>[]>>>()
    for (const { status, item } of list.value) {
      if (status === 'active') expectTypeOf(item).toEqualTypeOf<Job>()
    }
  })

  it('types: with `select`, of a list of what that gives', () => {
    expectTypeOf(
      useAutoRefreshItems(cache, () => ['a'], { select: ({ failureCount }) => failureCount > 0 }),
    ).toEqualTypeOf<Readonly<Ref<readonly boolean[]>>>()
  })

  it('types: `select` gets the id, and `initialItem`, too', () => {
    useAutoRefreshItems(cache, ['a'], {
      initialItem: (id) => {
        expectTypeOf(id).toEqualTypeOf<ItemId>()
        return id === 'a' ? { progress: 0 } : undefined
      },
      create: false,
      select: (_, id) => expectTypeOf(id).toEqualTypeOf<ItemId>(),
    })
    expectTypeOf<{ initialItem: undefined; create: undefined }>().toExtend<ItemsOptions<Job>>()
    expectTypeOf<{ initialItem: Job }>().not.toExtend<ItemsOptions<Job>>()
    expectTypeOf<string>().not.toExtend<Parameters<typeof useAutoRefreshItems<Job>>[1]>()
  })
})

describe('useAutoRefreshIds and useAutoRefreshStatus', () => {
  it('types: they take a cache of anything, and give refs', () => {
    expectTypeOf(useAutoRefreshIds(cache)).toEqualTypeOf<Readonly<Ref<readonly ItemId[]>>>()
    expectTypeOf(useAutoRefreshStatus(cache)).toEqualTypeOf<Readonly<Ref<CacheStatus>>>()
  })
})
