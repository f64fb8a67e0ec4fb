import type { AutoRefresh, CacheStatus } from '../auto-refresh.ts'
import { CacheObserver } from './cache-observer.ts'

/** One component's view of the status of a cache. */
export class StatusObserver<Item> extends CacheObserver<Item> {
  constructor() {
    super((cache, listener) => cache.subscribeStatus(listener))
  }

  /** Returns the status: the same object until something in it changes. */
  read(cache: AutoRefresh<Item>): CacheStatus {
    return cache.getStatus()
  }
}
