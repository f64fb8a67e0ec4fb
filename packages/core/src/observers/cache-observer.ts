import type { AutoRefresh } from '../auto-refresh.ts'
import type { Observer } from './observer.ts'

/** One component's subscription to something about a whole cache. */
export class CacheObserver<Item> implements Observer<AutoRefresh<Item>> {
  readonly #subscribe: (cache: AutoRefresh<Item>, listener: () => void) => () => void
  #onChange: (() => void) | undefined = undefined
  #awaited: AutoRefresh<Item> | undefined = undefined
  #attached: { readonly cache: AutoRefresh<Item>; readonly end: () => void } | undefined = undefined

  constructor(subscribe: (cache: AutoRefresh<Item>, listener: () => void) => () => void) {
    this.#subscribe = subscribe
  }

  /** Calls `onChange` after each change until the returned function is called. Attaches to the cache that waited for this. */
  readonly listen = (onChange: () => void): (() => void) => {
    this.#onChange = onChange
    if (this.#awaited !== undefined) this.attach(this.#awaited)
    return () => {
      this.#onChange = undefined
      this.#attached?.end()
      this.#attached = undefined
    }
  }

  /** Subscribes to the cache, then leaves the previous one. Without a listener it waits for one. */
  attach(cache: AutoRefresh<Item>): void {
    this.#awaited = this.#onChange === undefined ? cache : undefined
    if (this.#awaited !== undefined) return
    const previous = this.#attached
    if (previous?.cache === cache) return
    this.#attached = { cache, end: this.#subscribe(cache, this.#tell) }
    previous?.end()
    // Nobody was told of changes between the last reading and this subscription.
    this.#tell()
  }

  readonly #tell = (): void => this.#onChange?.()
}
