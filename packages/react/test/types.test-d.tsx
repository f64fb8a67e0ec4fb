import type { AutoRefresh, CacheStatus, ItemId, ItemSnapshot } from '@auto-refresh/core'
import {
  useAutoRefreshIds,
  useAutoRefreshItem,
  useAutoRefreshItems,
  useAutoRefreshStatus,
  type ItemOptions,
  type ItemsOptions,
  type SelectOptions,
} from '@auto-refresh/react'
import { describe, expectTypeOf, it } from 'vitest'

interface Job {
  readonly progress: number
}
declare const cache: AutoRefresh<Job>
type Arguments = Parameters<typeof useAutoRefreshItem<Job>>

// Compiled, never run: that it compiles is the test.
describe('useAutoRefreshItem', () => {
  it('types: the item is that of the cache, without an annotation', () => {
    const snapshot = useAutoRefreshItem(cache, 'a')
    expectTypeOf(snapshot).toEqualTypeOf<ItemSnapshot<Job>>()
    expectTypeOf(snapshot.item).toEqualTypeOf<Job | undefined>()
    expectTypeOf(snapshot.error).toEqualTypeOf<unknown>()
  })

  it('types: the item narrows on the status', () => {
    const snapshot = useAutoRefreshItem(cache, 'a')
    if (snapshot.status === 'missing') expectTypeOf(snapshot.item).toEqualTypeOf<undefined>()
    else if (snapshot.status === 'pending') expectTypeOf(snapshot.item).toEqualTypeOf<undefined>()
    else expectTypeOf(snapshot.item).toEqualTypeOf<Job>()
    if (snapshot.status === 'terminal') expectTypeOf(snapshot.item).toEqualTypeOf<Job>()
  })

  it('types: it narrows when both were taken out of the snapshot, too', () => {
    const { status, item } = useAutoRefreshItem(cache, 'a', { enabled: true })
    if (status === 'missing' || status === 'pending') expectTypeOf(item).toEqualTypeOf<undefined>()
    else expectTypeOf(item).toEqualTypeOf<Job>()
  })

  it('types: the id may be undefined, and options too', () => {
    expectTypeOf<Arguments[1]>().toEqualTypeOf<ItemId | undefined>()
    expectTypeOf(useAutoRefreshItem(cache, undefined, undefined)).toEqualTypeOf<ItemSnapshot<Job>>()
    expectTypeOf<{ initialItem: undefined; create: undefined; enabled: undefined }>().toExtend<
      ItemOptions<Job>
    >()
    expectTypeOf(
      useAutoRefreshItem(cache, 'a', { initialItem: { progress: 1 }, enabled: false, select: undefined }),
    ).toEqualTypeOf<ItemSnapshot<Job>>()
  })

  it('types: with `select` it gives what that gives', () => {
    expectTypeOf(useAutoRefreshItem(cache, 'a', { select: ({ item }) => item?.progress })).toEqualTypeOf<
      number | undefined
    >()
    expectTypeOf(
      useAutoRefreshItem(cache, 'a', {
        select: (snapshot, id) => {
          expectTypeOf(snapshot).toEqualTypeOf<ItemSnapshot<Job>>()
          expectTypeOf(id).toEqualTypeOf<ItemId | undefined>()
          return snapshot.status === 'active' ? snapshot.item : null
        },
      }),
    ).toEqualTypeOf<Job | null>()
  })

  it('types: `equals` compares what `select` gives', () => {
    useAutoRefreshItem(cache, 'a', {
      select: ({ failureCount }) => ({ failureCount }),
      equals: (previous, next) => {
        expectTypeOf(previous).toEqualTypeOf<{ failureCount: number }>()
        expectTypeOf(next).toEqualTypeOf<{ failureCount: number }>()
        return previous.failureCount === next.failureCount
      },
    })
    expectTypeOf<{ equals: () => boolean }>().not.toExtend<SelectOptions<Job, number>>()
  })

  it('types: an id that is not a string, and an item of another kind, are none', () => {
    expectTypeOf<number>().not.toExtend<Arguments[1]>()
    expectTypeOf<null>().not.toExtend<Arguments[1]>()
    expectTypeOf<{ initialItem: string }>().not.toExtend<ItemOptions<Job>>()
    expectTypeOf<{ initialItem: null }>().not.toExtend<ItemOptions<Job>>()
    expectTypeOf<{ enabled: string }>().not.toExtend<ItemOptions<Job>>()
    expectTypeOf<AutoRefresh<string>>().not.toExtend<AutoRefresh<Job>>()
  })
})

describe('useAutoRefreshItems', () => {
  it('types: it gives a list of snapshots, read-only', () => {
    const list = useAutoRefreshItems(cache, ['a'] as const, { enabled: true })
    expectTypeOf(list).toEqualTypeOf<readonly ItemSnapshot<Job>[]>()
    for (const { status, item } of list) if (status === 'active') expectTypeOf(item).toEqualTypeOf<Job>()
  })

  it('types: with `select`, a list of what that gives', () => {
    expectTypeOf(
      useAutoRefreshItems(cache, ['a'], { select: ({ failureCount }) => failureCount > 0 }),
    ).toEqualTypeOf<readonly boolean[]>()
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
  it('types: they take a cache of anything', () => {
    expectTypeOf(useAutoRefreshIds(cache)).toEqualTypeOf<readonly ItemId[]>()
    expectTypeOf(useAutoRefreshStatus(cache)).toEqualTypeOf<CacheStatus>()
  })
})
