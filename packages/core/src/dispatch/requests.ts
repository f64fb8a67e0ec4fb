import type { Entry } from '../entry.ts'

interface Request {
  readonly promise: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** The calls of `refresh` that are not answered yet (S8). Several callers of one id share one. */
export class Requests<Item> {
  /** Their sync call has not started. */
  readonly #waiting = new Map<Entry<Item>, Request>()
  /** It runs. */
  readonly #running = new Map<Entry<Item>, Request>()

  /** Resolves when the next sync call for the entry has settled. */
  add(entry: Entry<Item>): Promise<void> {
    const request = this.#waiting.get(entry) ?? newRequest()
    this.#waiting.set(entry, request)
    return request.promise
  }

  isWaiting(entry: Entry<Item>): boolean {
    // Mostly nobody asks, and this is asked for every entry that settles.
    return this.#waiting.size > 0 && this.#waiting.has(entry)
  }

  /** The entry's sync call starts. */
  start(entry: Entry<Item>): void {
    const request = this.#waiting.size === 0 ? undefined : this.#waiting.get(entry)
    if (request === undefined) return
    this.#waiting.delete(entry)
    this.#running.set(entry, request)
  }

  /** It has settled well. */
  resolve(entry: Entry<Item>): void {
    if (this.#running.size === 0) return
    this.#running.get(entry)?.resolve()
    this.#running.delete(entry)
  }

  /** It has settled with an error. */
  reject(entry: Entry<Item>, error: unknown): void {
    this.#running.get(entry)?.reject(error)
    this.#running.delete(entry)
  }

  /** The entry is gone: nobody waits for it any more. */
  drop(entry: Entry<Item>, makeError: () => Error): void {
    const request = this.#waiting.get(entry)
    this.#waiting.delete(entry)
    if (request !== undefined) request.reject(makeError())
    if (this.#running.has(entry)) this.reject(entry, makeError())
  }

  /** The cache was stopped. */
  dropAll(error: Error): void {
    for (const requests of [this.#waiting, this.#running]) {
      for (const request of requests.values()) request.reject(error)
      requests.clear()
    }
  }
}

function newRequest(): Request {
  let settle: Pick<Request, 'resolve' | 'reject'> | undefined
  const promise = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject }
  })
  return { promise, resolve: () => settle?.resolve(), reject: (error) => settle?.reject(error) }
}
