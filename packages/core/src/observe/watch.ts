import type { AutoRefresh, ItemId } from '../auto-refresh.ts'
import { AutoRefreshError, quote } from '../errors.ts'

/**
 * Yields the item as it is and then each new value, to a slow reader only the newest; ends when the item is terminal,
 * expired or gone, or the signal is aborted. Nothing is subscribed to before the first value is asked for, and leaving
 * the loop unsubscribes.
 *
 * ```ts
 * for await (const job of watch(jobs, 'job-1')) console.log(job.progress)
 * ```
 *
 * @throws {AutoRefreshError} NOT_FOUND for an absent id, when the first value is asked for
 */
export function watch<Item>(
  cache: AutoRefresh<Item>,
  id: ItemId,
  options?: { readonly signal?: AbortSignal | undefined },
): AsyncIterableIterator<Item> {
  return new Watch(cache, id, options?.signal)
}

/** Not an async generator: those can't be left while they wait for a value. */
class Watch<Item> implements AsyncIterableIterator<Item> {
  readonly #cache: AutoRefresh<Item>
  readonly #id: ItemId
  readonly #signal: AbortSignal | undefined
  #state: 'new' | 'open' | 'closed' = 'new'
  /** The newest value that was not taken yet. */
  #untaken: { readonly item: Item } | undefined = undefined
  #taken: { readonly item: Item } | undefined = undefined
  #readers: ((result: IteratorResult<Item, undefined>) => void)[] = []
  #unsubscribe: (() => void) | undefined = undefined

  constructor(cache: AutoRefresh<Item>, id: ItemId, signal: AbortSignal | undefined) {
    this.#cache = cache
    this.#id = id
    this.#signal = signal
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Item, undefined>> {
    if (this.#state === 'new') this.#open()
    const untaken = this.#untaken
    if (untaken !== undefined) {
      this.#untaken = undefined
      this.#taken = untaken
      return { done: false, value: untaken.item }
    }
    if (this.#state === 'closed') return { done: true, value: undefined }
    return new Promise((resolve) => this.#readers.push(resolve))
  }

  return(): Promise<IteratorResult<Item, undefined>> {
    this.#untaken = undefined
    this.#close()
    return Promise.resolve({ done: true, value: undefined })
  }

  #open(): void {
    if (this.#signal?.aborted === true) {
      this.#close()
      return
    }
    if (this.#cache.getSnapshot(this.#id).status === 'missing') {
      this.#close()
      throw new AutoRefreshError('NOT_FOUND', `there is no item ${quote(this.#id)}`)
    }
    this.#state = 'open'
    this.#unsubscribe = this.#cache.subscribe(this.#id, this.#look)
    this.#signal?.addEventListener('abort', this.#abort)
    this.#look()
  }

  readonly #abort = (): void => {
    this.#untaken = undefined
    this.#close()
  }

  readonly #look = (): void => {
    const snapshot = this.#cache.getSnapshot(this.#id)
    if (snapshot.status === 'missing') {
      this.#close()
      return
    }
    const newest = this.#untaken ?? this.#taken
    if (newest === undefined || !Object.is(newest.item, snapshot.item)) this.#give(snapshot.item)
    if (snapshot.status !== 'active') this.#close()
  }

  #give(item: Item): void {
    const reader = this.#readers.shift()
    if (reader === undefined) {
      this.#untaken = { item }
      return
    }
    this.#taken = { item }
    reader({ done: false, value: item })
  }

  /** There will be no other value; one that was not taken yet still can be. */
  #close(): void {
    this.#state = 'closed'
    this.#unsubscribe?.()
    this.#unsubscribe = undefined
    this.#signal?.removeEventListener('abort', this.#abort)
    for (const reader of this.#readers.splice(0)) reader({ done: true, value: undefined })
  }
}
