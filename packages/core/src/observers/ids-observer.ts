import type { AutoRefresh, ItemId } from '../auto-refresh.ts'
import { CacheObserver } from './cache-observer.ts'
import { hydratedOf } from './hydrated.ts'

/** One component's view of the ids in a cache, in order of creation: the same array until one comes or goes. */
export class IdsObserver<Item> extends CacheObserver<Item, readonly ItemId[]> {
  #ids: readonly ItemId[] = []
  #initial: readonly ItemId[] = []

  override readInitial(cache: AutoRefresh<Item>): readonly ItemId[] {
    const ids = [...(hydratedOf(cache)?.keys() ?? [])]
    if (!areSame(ids, ids.length, this.#initial)) this.#initial = ids
    return this.#initial
  }

  /** Compares without a copy, because most readings find no change. */
  protected override current(cache: AutoRefresh<Item>): readonly ItemId[] {
    if (!areSame(cache.ids(), cache.size, this.#ids)) this.#ids = [...cache.ids()]
    return this.#ids
  }

  /** Refreshes the listed items (A12). */
  protected override subscribe(cache: AutoRefresh<Item>, listener: () => void): () => void {
    const end = cache.subscribeIds(listener)
    const release = cache.retain()
    return () => {
      end()
      release()
    }
  }
}

function areSame(ids: Iterable<ItemId>, size: number, known: readonly ItemId[]): boolean {
  if (size !== known.length) return false
  let index = 0
  for (const id of ids) {
    if (id !== known[index]) return false
    index += 1
  }
  return true
}
