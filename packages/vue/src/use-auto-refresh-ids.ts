import type { AutoRefresh, ItemId } from '@auto-refresh/core'
import { IdsObserver } from '@auto-refresh/core/adapter'
import { shallowRef, type Ref } from 'vue'
import { follow } from './attachment.ts'

/** Returns a ref of the ids of the cache in order of creation: the same array until one comes or goes. */
export function useAutoRefreshIds(cache: AutoRefresh<unknown>): Readonly<Ref<readonly ItemId[]>> {
  const observer = new IdsObserver<unknown>()
  return follow(observer, shallowRef(cache))((read) => observer[read](cache))
}
