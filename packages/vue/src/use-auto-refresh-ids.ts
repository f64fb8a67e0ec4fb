import type { AutoRefresh, ItemId } from '@auto-refresh/core'
import { IdsObserver } from '@auto-refresh/core/adapter'
import type { Ref } from 'vue'
import { follow, lazily } from './attachment.ts'

/** Returns a ref of the ids of the cache in order of creation: the same array until one comes or goes. */
export function useAutoRefreshIds(cache: AutoRefresh<unknown>): Readonly<Ref<readonly ItemId[]>> {
  return lazily(follow(new IdsObserver<unknown>(), { value: cache }))
}
