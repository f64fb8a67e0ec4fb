import type { AutoRefresh, CacheStatus } from '@auto-refresh/core'
import { StatusObserver } from '@auto-refresh/core/adapter'
import { show, type Current } from './current.ts'

/** Shows the status of the cache, for a banner that says that the connection is lost. Does not keep the cache running. */
export function useAutoRefreshStatus(cache: AutoRefresh<unknown>): Current<CacheStatus> {
  return show(new StatusObserver<unknown>(), () => cache)
}
