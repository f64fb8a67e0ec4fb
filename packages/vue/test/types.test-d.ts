import type { AutoRefresh, ItemSnapshot } from '@auto-refresh/core'
import { useAutoRefreshItem, useAutoRefreshItems, useAutoRefreshStart } from '@auto-refresh/vue'
import { expectTypeOf } from 'vitest'
import { ref, type Ref } from 'vue'

interface Job {
  readonly progress: number
}
declare const cache: AutoRefresh<Job>

/** Compiled, never run: the item's type comes from the cache. */
export function types(): void {
  const { item, status, error } = useAutoRefreshItem(cache, () => 'a')
  expectTypeOf(item.value).toEqualTypeOf<Job | undefined>()
  expectTypeOf(status.value).toEqualTypeOf<ItemSnapshot<Job>['status']>()
  expectTypeOf(error.value).toEqualTypeOf<unknown>()
  expectTypeOf(useAutoRefreshItem(cache, ref('a'), { select: (job) => job.item?.progress })).toEqualTypeOf<
    Readonly<Ref<number | undefined>>
  >()
  expectTypeOf(useAutoRefreshItems(cache, ref(['a']), { enabled: ref(true) })).toEqualTypeOf<
    Readonly<Ref<readonly ItemSnapshot<Job>[]>>
  >()
  expectTypeOf(useAutoRefreshItems(cache, ['a'], { select: () => 1 })).toEqualTypeOf<
    Readonly<Ref<readonly number[]>>
  >()
  useAutoRefreshStart(cache)
}
