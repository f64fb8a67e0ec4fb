import type { AutoRefresh, ItemId } from '@auto-refresh/core'
import { IdsObserver } from '@auto-refresh/core/adapter'
import { useStore } from './use-store.ts'

/** Returns the ids of the cache in order of creation: the same array until one comes or goes. */
export function useAutoRefreshIds(cache: AutoRefresh<unknown>): readonly ItemId[] {
  return useStore(() => new IdsObserver<unknown>(), cache)
}
