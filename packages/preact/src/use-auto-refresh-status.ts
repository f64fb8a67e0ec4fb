import type { AutoRefresh, CacheStatus } from '@auto-refresh/core'
import { StatusObserver } from '@auto-refresh/core/adapter'
import { useStore } from './use-store.ts'

/** Returns the status of the cache, for a banner that says that the connection is lost. Does not keep the cache running. */
export function useAutoRefreshStatus(cache: AutoRefresh<unknown>): CacheStatus {
  return useStore(() => new StatusObserver<unknown>(), cache)
}
