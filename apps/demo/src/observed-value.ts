/** A value of the page that all frameworks can follow: what `useSyncExternalStore` and a `shallowRef` need, and no more. */
export class ObservedValue<Value> {
  readonly #listeners = new Set<() => void>()
  #current: Value

  constructor(initial: Value) {
    this.#current = initial
  }

  /** Bound: frameworks take it as it is. */
  readonly get = (): Value => this.#current

  set(value: Value): void {
    if (Object.is(value, this.#current)) return
    this.#current = value
    for (const listener of this.#listeners) listener()
  }

  /** Returns the unsubscribe function. Bound, too. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}
