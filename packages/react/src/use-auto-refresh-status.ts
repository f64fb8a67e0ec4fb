import type { AutoRefresh, CacheStatus } from '@auto-refresh/core'
import { StatusObserver } from '@auto-refresh/core/adapter'
import { useState } from 'react'
import { useStore } from './use-store.ts'

/** Returns the status of the cache, for a banner that says that the connection is lost. Does not keep the cache running. */
export function useAutoRefreshStatus(cache: AutoRefresh<unknown>): CacheStatus {
  const [observer] = useState(() => new StatusObserver<unknown>())
  return useStore(observer, cache, (read) => observer[read](cache))
}
