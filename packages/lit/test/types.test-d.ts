import type { AutoRefresh, CacheStatus, ItemId, ItemSnapshot } from '@auto-refresh/core'
import {
  useAutoRefreshIds,
  useAutoRefreshItem,
  useAutoRefreshItems,
  useAutoRefreshStatus,
  type ItemOptions,
  type ItemsOptions,
  type SelectOptions,
  type Shown,
} from '@auto-refresh/lit'
import type { LitElement } from 'lit'
import { describe, expectTypeOf, it } from 'vitest'

interface Job {
  readonly progress: number
}
declare const cache: AutoRefresh<Job>
declare const host: LitElement

// Compiled, never run: that it compiles is the test.
describe('useAutoRefreshItem', () => {
  it('types: the item is that of the cache, without an annotation, and cannot be written', () => {
    const job = useAutoRefreshItem(host, cache, () => 'a')
    expectTypeOf(job).toEqualTypeOf<Shown<ItemSnapshot<Job>>>()
    // @ts-expect-error -- read-only
    job.value = useAutoRefreshItem(host, cache, () => 'b').value
  })

  it('types: the snapshot narrows on the status', () => {
    const { value } = useAutoRefreshItem(host, cache, () => undefined)
    if (value.status === 'missing' || value.status === 'pending')
      expectTypeOf(value.item).toEqualTypeOf<undefined>()
    else expectTypeOf(value.item).toEqualTypeOf<Job>()
  })

  it('types: an id that is no function is a mistake, because it would not follow a property', () => {
    // @ts-expect-error -- a string is none
    useAutoRefreshItem(host, cache, 'a')
    expectTypeOf<{ initialItem: string }>().not.toExtend<ItemOptions<Job>>()
    expectTypeOf<{ enabled: string }>().not.toExtend<ItemOptions<Job>>()
  })

  it('types: with `select` it gives what that gives', () => {
    const far = useAutoRefreshItem(host, cache, () => 'a', {
      create: false,
      select: (snapshot, id) => {
        expectTypeOf(snapshot).toEqualTypeOf<ItemSnapshot<Job>>()
        expectTypeOf(id).toEqualTypeOf<ItemId | undefined>()
        return snapshot.failureCount
      },
      equals: (previous, next) => previous === next,
    })
    expectTypeOf(far).toEqualTypeOf<Shown<number>>()
    expectTypeOf<{ equals: () => boolean }>().not.toExtend<SelectOptions<Job, number>>()
  })
})

describe('the others', () => {
  it('types: a list of snapshots, or of what `select` gives', () => {
    expectTypeOf(useAutoRefreshItems(host, cache, () => ['a'])).toEqualTypeOf<
      Shown<readonly ItemSnapshot<Job>[]>
    >()
    expectTypeOf(
      useAutoRefreshItems(host, cache, () => ['a'], {
        select: ({ failureCount }, id) => `${id} ${failureCount}`,
      }),
    ).toEqualTypeOf<Shown<readonly string[]>>()
    expectTypeOf<{ initialItem: Job }>().not.toExtend<ItemsOptions<Job>>()
  })

  it('types: the ids and the status of a cache of anything', () => {
    expectTypeOf(useAutoRefreshIds(host, cache)).toEqualTypeOf<Shown<readonly ItemId[]>>()
    expectTypeOf(useAutoRefreshStatus(host, cache)).toEqualTypeOf<Shown<CacheStatus>>()
  })
})
