import type { AutoRefresh, CacheStatus, ItemId, ItemSnapshot } from '@auto-refresh/core'
import {
  useAutoRefreshIds,
  useAutoRefreshItem,
  useAutoRefreshItems,
  useAutoRefreshStatus,
  type ItemOptions,
  type ItemsOptions,
  type SelectOptions,
} from '@auto-refresh/solid'
import type { Accessor } from 'solid-js'
import { describe, expectTypeOf, it } from 'vitest'

interface Job {
  readonly progress: number
}
declare const cache: AutoRefresh<Job>
declare const props: { readonly id: string | undefined; readonly isOpen: boolean }

// Compiled, never run: that it compiles is the test.
describe('useAutoRefreshItem', () => {
  it('types: the item is that of the cache, without an annotation, in an accessor', () => {
    const job = useAutoRefreshItem(cache, () => props.id)
    expectTypeOf(job).toEqualTypeOf<Accessor<ItemSnapshot<Job>>>()
  })

  it('types: the snapshot narrows on the status', () => {
    const current = useAutoRefreshItem(cache, () => 'a')()
    if (current.status === 'missing' || current.status === 'pending')
      expectTypeOf(current.item).toEqualTypeOf<undefined>()
    else expectTypeOf(current.item).toEqualTypeOf<Job>()
  })

  it('types: an id that is no function is a mistake, because it would not follow a prop', () => {
    // @ts-expect-error -- a string is none
    useAutoRefreshItem(cache, 'a')
    expectTypeOf<() => number>().not.toExtend<Parameters<typeof useAutoRefreshItem<Job>>[1]>()
    expectTypeOf<{ initialItem: string }>().not.toExtend<ItemOptions<Job>>()
    expectTypeOf<{ enabled: string }>().not.toExtend<ItemOptions<Job>>()
  })

  it('types: with `select` it gives what that gives', () => {
    const far = useAutoRefreshItem(cache, () => 'a', {
      create: false,
      get enabled() {
        return props.isOpen
      },
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
    expectTypeOf(far).toEqualTypeOf<Accessor<number>>()
    expectTypeOf<{ equals: () => boolean }>().not.toExtend<SelectOptions<Job, number>>()
  })
})

describe('the others', () => {
  it('types: a list of snapshots, or of what `select` gives', () => {
    expectTypeOf(useAutoRefreshItems(cache, () => ['a'])).toEqualTypeOf<
      Accessor<readonly ItemSnapshot<Job>[]>
    >()
    expectTypeOf(
      useAutoRefreshItems(cache, () => ['a'], {
        initialItem: (id) => (id === 'a' ? { progress: 0 } : undefined),
        select: ({ failureCount }, id) => `${id} ${failureCount}`,
      }),
    ).toEqualTypeOf<Accessor<readonly string[]>>()
    expectTypeOf<{ initialItem: Job }>().not.toExtend<ItemsOptions<Job>>()
  })

  it('types: the ids and the status of a cache of anything', () => {
    expectTypeOf(useAutoRefreshIds(cache)).toEqualTypeOf<Accessor<readonly ItemId[]>>()
    expectTypeOf(useAutoRefreshStatus(cache)).toEqualTypeOf<Accessor<CacheStatus>>()
  })
})
