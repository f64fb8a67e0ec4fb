import type { AutoRefresh, CacheStatus } from '@auto-refresh/core'
import { StatusObserver } from '@auto-refresh/core/adapter'
import type { Ref } from 'vue'
import { follow, lazily } from './attachment.ts'

/** Returns a ref of the status of the cache, for a banner that says that the connection is lost. Does not keep the cache running. */
export function useAutoRefreshStatus(cache: AutoRefresh<unknown>): Readonly<Ref<CacheStatus>> {
  return lazily(follow(new StatusObserver<unknown>(), { value: cache }))
}
