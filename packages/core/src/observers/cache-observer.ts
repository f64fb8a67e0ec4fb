import type { AutoRefresh } from '../auto-refresh.ts'
import type { Observer } from './observer.ts'

/** One component's subscription to something about a whole cache. */
export abstract class CacheObserver<Item, Value> implements Observer<AutoRefresh<Item>, Value> {
  #onChange: (() => void) | undefined = undefined
  #awaited: AutoRefresh<Item> | undefined = undefined
  #attached: { readonly cache: AutoRefresh<Item>; readonly end: () => void } | undefined = undefined
  #shown: { readonly cache: AutoRefresh<Item>; readonly value: Value } | undefined = undefined

  /**
   * Calls `onChange` after each change until the returned function is called. Attaches to the cache that waited for this, or
   * that was attached when listening last ended.
   */
  readonly listen = (onChange: () => void): (() => void) => {
    this.#onChange = onChange
    if (this.#awaited !== undefined) this.attach(this.#awaited)
    return () => {
      this.#onChange = undefined
      this.#awaited ??= this.#attached?.cache
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
    const end = this.subscribe(cache, this.#tell)
    // A listener of events may have ended the observer meanwhile.
    if (this.#onChange === undefined) return end()
    this.#attached = { cache, end }
    previous?.end()
    // Changes between the last reading and this subscription told no listener.
    const shown = this.#shown
    if (shown?.cache !== cache || !Object.is(shown.value, this.current(cache))) this.#tell()
  }

  /** Returns the value to show: the same one until something in it changes. */
  read(cache: AutoRefresh<Item>): Value {
    const value = this.current(cache)
    this.#shown = { cache, value }
    return value
  }

  /** Returns the value for the first frame of a page that a server rendered: what both sides know (A13). */
  abstract readInitial(cache: AutoRefresh<Item>): Value

  protected abstract current(cache: AutoRefresh<Item>): Value

  /** Returns the function that unsubscribes. */
  protected abstract subscribe(cache: AutoRefresh<Item>, listener: () => void): () => void

  readonly #tell = (): void => this.#onChange?.()
}
