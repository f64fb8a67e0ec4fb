import type { AutoRefresh, ItemId } from '../auto-refresh.ts'
import { AutoRefreshError, quote } from '../errors.ts'
import { onAbort } from './abort-listener.ts'

/**
 * Yields the present value of an item and then each new one, to a slow reader only the newest. Waits for the first value of
 * a pending item. Ends when the item is terminal, expired or removed, or when the signal is aborted. Subscribes when the
 * first value is asked for; leaving the loop unsubscribes.
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

/** A class because an async generator cannot be left while it waits for a value. */
class Watch<Item> implements AsyncIterableIterator<Item> {
  readonly #cache: AutoRefresh<Item>
  readonly #id: ItemId
  readonly #signal: AbortSignal | undefined
  #state: 'new' | 'open' | 'closed' = 'new'
  /** Newest value that no reader has taken yet. */
  #untaken: { readonly item: Item } | undefined = undefined
  #taken: { readonly item: Item } | undefined = undefined
  #readers: ((result: IteratorResult<Item, undefined>) => void)[] = []
  #unsubscribe: (() => void) | undefined = undefined
  #ignoreAbort: (() => void) | undefined = undefined

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
    this.#unsubscribe = this.#cache.subscribe(this.#id, this.#look)
    this.#state = 'open'
    if (this.#signal !== undefined) this.#ignoreAbort = onAbort(this.#cache, this.#signal, this.#abort)
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
    if (snapshot.status === 'pending') return
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

  /** Ends the subscription. The newest value can still be taken if it was not yet. */
  #close(): void {
    this.#state = 'closed'
    this.#unsubscribe?.()
    this.#unsubscribe = undefined
    this.#ignoreAbort?.()
    this.#ignoreAbort = undefined
    for (const reader of this.#readers.splice(0)) reader({ done: true, value: undefined })
  }
}
