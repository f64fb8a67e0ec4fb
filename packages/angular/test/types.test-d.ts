import { signal, type Injector, type Signal } from '@angular/core'
import {
  injectAutoRefreshIds,
  injectAutoRefreshItem,
  injectAutoRefreshItems,
  injectAutoRefreshStatus,
  type InjectorOptions,
  type ItemOptions,
  type ItemsOptions,
  type SelectOptions,
} from '@auto-refresh/angular'
import type { AutoRefresh, CacheStatus, ItemId, ItemSnapshot } from '@auto-refresh/core'
import { describe, expectTypeOf, it } from 'vitest'

interface Job {
  readonly progress: number
}
declare const cache: AutoRefresh<Job>
declare const injector: Injector
declare const id: Signal<string>
declare const isOpen: Signal<boolean>
type Arguments = Parameters<typeof injectAutoRefreshItem<Job>>

// Compiled, never run: that it compiles is the test.
describe('injectAutoRefreshItem', () => {
  it('types: the item is that of the cache, without an annotation, in a signal that cannot be written', () => {
    const job = injectAutoRefreshItem(cache, id)
    expectTypeOf(job).toEqualTypeOf<Signal<ItemSnapshot<Job>>>()
    expectTypeOf(job().item).toEqualTypeOf<Job | undefined>()
    expectTypeOf(job().error).toEqualTypeOf<unknown>()
  })

  it('types: the snapshot narrows on the status', () => {
    const job = injectAutoRefreshItem(cache, id)()
    if (job.status === 'missing' || job.status === 'pending')
      expectTypeOf(job.item).toEqualTypeOf<undefined>()
    else expectTypeOf(job.item).toEqualTypeOf<Job>()
  })

  it('types: the id is a signal or a function', () => {
    expectTypeOf<Arguments[1]>().toEqualTypeOf<() => ItemId | undefined>()
    expectTypeOf(injectAutoRefreshItem(cache, () => 'a', { injector })).toEqualTypeOf<
      Signal<ItemSnapshot<Job>>
    >()
    expectTypeOf(
      injectAutoRefreshItem(cache, signal<string | undefined>(undefined), {
        enabled: isOpen,
        initialItem: { progress: 1 },
      }),
    ).toEqualTypeOf<Signal<ItemSnapshot<Job>>>()
  })

  it('types: with `select` it gives a signal of what that gives', () => {
    expectTypeOf(injectAutoRefreshItem(cache, id, { select: (job) => job.item?.progress })).toEqualTypeOf<
      Signal<number | undefined>
    >()
    injectAutoRefreshItem(cache, id, {
      create: false,
      select: (snapshot, shown) => {
        expectTypeOf(snapshot).toEqualTypeOf<ItemSnapshot<Job>>()
        expectTypeOf(shown).toEqualTypeOf<ItemId | undefined>()
        return snapshot.failureCount
      },
      equals: (previous, next) => {
        expectTypeOf(previous).toEqualTypeOf<number>()
        return previous === next
      },
    })
    expectTypeOf<{ equals: () => boolean }>().not.toExtend<SelectOptions<Job, number>>()
  })

  it('types: a plain id, an id that is not a string, and an item of another kind, are none', () => {
    expectTypeOf<string>().not.toExtend<Arguments[1]>()
    expectTypeOf<Signal<number>>().not.toExtend<Arguments[1]>()
    expectTypeOf<{ initialItem: string }>().not.toExtend<ItemOptions<Job>>()
    expectTypeOf<{ enabled: boolean }>().not.toExtend<ItemOptions<Job>>()
  })
})

describe('injectAutoRefreshItems', () => {
  it('types: it gives a signal of a list of snapshots, read-only', () => {
    const list = injectAutoRefreshItems(cache, signal(['a']), { enabled: isOpen, injector })
    expectTypeOf(list).toEqualTypeOf<Signal<readonly ItemSnapshot<Job>[]>>()
    for (const { status, item } of list()) {
      if (status === 'active') expectTypeOf(item).toEqualTypeOf<Job>()
    }
  })

  it('types: with `select`, of a list of what that gives', () => {
    expectTypeOf(
      injectAutoRefreshItems(cache, () => ['a'], { select: ({ failureCount }) => failureCount > 0 }),
    ).toEqualTypeOf<Signal<readonly boolean[]>>()
  })

  it('types: `select` gets the id, and `initialItem`, too', () => {
    injectAutoRefreshItems(cache, () => ['a'], {
      initialItem: (each) => {
        expectTypeOf(each).toEqualTypeOf<ItemId>()
        return each === 'a' ? { progress: 0 } : undefined
      },
      create: false,
      select: (_, each) => expectTypeOf(each).toEqualTypeOf<ItemId>(),
    })
    expectTypeOf<{ initialItem: undefined; create: undefined }>().toExtend<ItemsOptions<Job>>()
    expectTypeOf<{ initialItem: Job }>().not.toExtend<ItemsOptions<Job>>()
    expectTypeOf<string>().not.toExtend<Parameters<typeof injectAutoRefreshItems<Job>>[1]>()
  })
})

describe('injectAutoRefreshIds and injectAutoRefreshStatus', () => {
  it('types: they take a cache of anything, and give signals', () => {
    expectTypeOf(injectAutoRefreshIds(cache)).toEqualTypeOf<Signal<readonly ItemId[]>>()
    expectTypeOf(injectAutoRefreshStatus(cache, { injector })).toEqualTypeOf<Signal<CacheStatus>>()
    expectTypeOf<{ enabled: () => boolean }>().not.toExtend<InjectorOptions>()
  })
})
