import type { AutoRefresh, ItemSnapshot } from '@auto-refresh/core'
import { useAutoRefreshItem, useAutoRefreshItems, useAutoRefreshStart } from '@auto-refresh/preact'
import { expectTypeOf } from 'vitest'

interface Job {
  readonly progress: number
}
declare const cache: AutoRefresh<Job>

/** Compiled, never run: the item's type comes from the cache, and narrows on `status`. */
export function Types(): null {
  const snapshot = useAutoRefreshItem(cache, 'a')
  expectTypeOf(snapshot).toEqualTypeOf<ItemSnapshot<Job>>()
  expectTypeOf(snapshot.item).toEqualTypeOf<Job | undefined>()
  if (snapshot.status !== 'missing') expectTypeOf(snapshot.item).toEqualTypeOf<Job>()
  else expectTypeOf(snapshot.item).toEqualTypeOf<undefined>()

  expectTypeOf(
    useAutoRefreshItem(cache, undefined, { initialItem: { progress: 1 }, enabled: false }),
  ).toEqualTypeOf<ItemSnapshot<Job>>()
  expectTypeOf(useAutoRefreshItem(cache, 'a', { select: ({ item }) => item?.progress })).toEqualTypeOf<
    number | undefined
  >()
  expectTypeOf(
    useAutoRefreshItem(cache, 'a', { select: ({ status }) => status, equals: (a, b) => a === b }),
  ).toEqualTypeOf<ItemSnapshot<Job>['status']>()
  expectTypeOf(useAutoRefreshItems(cache, ['a'])).toEqualTypeOf<readonly ItemSnapshot<Job>[]>()
  expectTypeOf(
    useAutoRefreshItems(cache, ['a'], { select: ({ failureCount }) => failureCount > 0 }),
  ).toEqualTypeOf<readonly boolean[]>()
  expectTypeOf(useAutoRefreshStart).parameter(0).toEqualTypeOf<AutoRefresh<unknown>>()
  useAutoRefreshStart(cache)
  return null
}
