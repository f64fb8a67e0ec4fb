import type { Signal } from '@angular/core'
import type { AutoRefresh, ItemId } from '@auto-refresh/core'
import { IdsObserver } from '@auto-refresh/core/adapter'
import { show } from './show.ts'
import type { InjectorOptions } from './options.ts'

/** Returns a signal of the ids of the cache in order of creation: the same array until one comes or goes. */
export function injectAutoRefreshIds(
  cache: AutoRefresh<unknown>,
  options?: InjectorOptions,
): Signal<readonly ItemId[]> {
  return show(new IdsObserver<unknown>(), () => cache, options)
}
