import type { AutoRefresh, CacheStatus } from '@auto-refresh/core'
import { StatusObserver } from '@auto-refresh/core/adapter'
import type { Accessor } from 'solid-js'
import { show } from './shown.ts'

/** Shows the status of the cache, for a banner that says that the connection is lost. Does not keep the cache running. */
export function useAutoRefreshStatus(cache: AutoRefresh<unknown>): Accessor<CacheStatus> {
  return show(new StatusObserver<unknown>(), () => cache)
}
