import type { AutoRefresh, ItemId } from '@auto-refresh/core'
import { IdsObserver } from '@auto-refresh/core/adapter'
import type { Accessor } from 'solid-js'
import { show } from './shown.ts'

/** Shows the ids of the cache in order of creation: the same array until one comes or goes. */
export function useAutoRefreshIds(cache: AutoRefresh<unknown>): Accessor<readonly ItemId[]> {
  return show(new IdsObserver<unknown>(), () => cache)
}
