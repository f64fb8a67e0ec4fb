import { InMemoryAutoRefresh, type AutoRefresh } from '@auto-refresh/core'

export interface OneItemOptions<Item> {
  readonly name: string
  /** ms */
  readonly interval: number
  readonly ask: (signal: AbortSignal) => Promise<Item>
}

/** One thing that the page keeps up to date: a cache of a single item. */
export class OneItem<Item> {
  readonly #cache: AutoRefresh<Item>
  readonly #id: string

  constructor({ name, interval, ask }: OneItemOptions<Item>) {
    this.#id = name
    this.#cache = new InMemoryAutoRefresh<Item>({
      name,
      interval,
      sync: async (batch, { signal }) => {
        const item = await ask(signal)
        return batch.map(({ id }) => ({ id, item }))
      },
    })
    this.#cache.getOrCreate(name)
  }

  /** Undefined before the first answer. */
  get current(): Item | undefined {
    return this.#cache.get(this.#id)
  }

  /** Follows it from now on. Returns a function that ends that. */
  follow(listener: () => void): () => void {
    const unsubscribe = this.#cache.subscribe(this.#id, listener)
    const release = this.#cache.retain()
    return () => {
      unsubscribe()
      release()
    }
  }
}
