import type { AutoRefresh, ItemId } from '../auto-refresh.ts'
import { CacheObserver } from './cache-observer.ts'

/** One component's view of the ids in a cache. */
export class IdsObserver<Item> extends CacheObserver<Item> {
  #ids: readonly ItemId[] = []

  constructor() {
    super((cache, listener) => cache.subscribeIds(listener))
  }

  /** Returns the ids in order of creation: the same array until one comes or goes. */
  read(cache: AutoRefresh<Item>): readonly ItemId[] {
    if (!this.#isCurrent(cache)) this.#ids = [...cache.ids()]
    return this.#ids
  }

  /** Compares without a copy, because most readings find no change. */
  #isCurrent(cache: AutoRefresh<Item>): boolean {
    if (cache.size !== this.#ids.length) return false
    let index = 0
    for (const id of cache.ids()) {
      if (id !== this.#ids[index]) return false
      index += 1
    }
    return true
  }
}
