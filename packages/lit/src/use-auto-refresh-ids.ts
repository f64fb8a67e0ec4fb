import type { AutoRefresh, ItemId } from '@auto-refresh/core'
import { IdsObserver } from '@auto-refresh/core/adapter'
import type { ReactiveControllerHost as Host } from 'lit'
import { show, type Shown } from './shown.ts'

/** Shows the ids of the cache in order of creation: the same array until one comes or goes. */
export function useAutoRefreshIds(host: Host, cache: AutoRefresh<unknown>): Shown<readonly ItemId[]> {
  return show(host, new IdsObserver<unknown>(), () => cache)
}
