import type { Signal } from '@angular/core'
import type { AutoRefresh, CacheStatus } from '@auto-refresh/core'
import { StatusObserver } from '@auto-refresh/core/adapter'
import { show } from './show.ts'
import type { InjectorOptions } from './options.ts'

/** Returns a signal of the status of the cache, for a banner that says that the connection is lost. Does not keep the cache running. */
export function injectAutoRefreshStatus(
  cache: AutoRefresh<unknown>,
  options?: InjectorOptions,
): Signal<CacheStatus> {
  return show(new StatusObserver<unknown>(), () => cache, options)
}
