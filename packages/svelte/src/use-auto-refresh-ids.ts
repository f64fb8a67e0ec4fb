import type { AutoRefresh, ItemId } from '@auto-refresh/core'
import { IdsObserver } from '@auto-refresh/core/adapter'
import { show, type Current } from './current.ts'

/** Shows the ids of the cache in order of creation: the same array until one comes or goes. */
export function useAutoRefreshIds(cache: AutoRefresh<unknown>): Current<readonly ItemId[]> {
  return show(new IdsObserver<unknown>(), () => cache)
}
