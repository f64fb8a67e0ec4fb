import type { AutoRefresh, CacheStatus } from '../auto-refresh.ts'
import { CacheObserver } from './cache-observer.ts'

/** A server's cache does not run. */
const STOPPED: CacheStatus = Object.freeze({
  state: 'stopped',
  isOutage: false,
  error: undefined,
  lastSuccessAt: undefined,
  retryAt: undefined,
})

/** One component's view of the status of a cache: the same object until something in it changes. */
export class StatusObserver<Item> extends CacheObserver<Item, CacheStatus> {
  override readInitial(): CacheStatus {
    return STOPPED
  }

  protected override current(cache: AutoRefresh<Item>): CacheStatus {
    return cache.getStatus()
  }

  protected override subscribe(cache: AutoRefresh<Item>, listener: () => void): () => void {
    return cache.subscribeStatus(listener)
  }
}
