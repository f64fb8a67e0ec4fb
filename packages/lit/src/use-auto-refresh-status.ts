import type { AutoRefresh, CacheStatus } from '@auto-refresh/core'
import { StatusObserver } from '@auto-refresh/core/adapter'
import type { ReactiveControllerHost as Host } from 'lit'
import { show, type Shown } from './shown.ts'

/** Shows the status of the cache, for a banner that says that the connection is lost. Does not keep the cache running. */
export function useAutoRefreshStatus(host: Host, cache: AutoRefresh<unknown>): Shown<CacheStatus> {
  return show(host, new StatusObserver<unknown>(), () => cache)
}
