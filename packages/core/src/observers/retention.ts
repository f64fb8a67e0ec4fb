import type { AutoRefresh } from '../auto-refresh.ts'

/** Keeps at most one cache running for an observer (A12). */
export class Retention<Item> {
  #cache: AutoRefresh<Item> | undefined = undefined
  #release: (() => void) | undefined = undefined

  /** Retains the cache, then releases the previous one. Has no effect if it is retained already. */
  keep(cache: AutoRefresh<Item>): void {
    if (cache === this.#cache) return
    const release = this.#release
    this.#cache = cache
    const retained = cache.retain()
    release?.()
    // A listener of `started` may have ended the observer meanwhile.
    if (this.#cache === cache) this.#release = retained
    else retained()
  }

  end(): void {
    this.#release?.()
    this.#cache = undefined
    this.#release = undefined
  }
}
