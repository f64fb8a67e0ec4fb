import type { Entry } from '../entry.ts'

interface Request {
  readonly promise: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** The calls of `refresh` that are not answered yet (S8). Several callers of one id share one. */
export interface Requests<Item> {
  /** Resolves when the next sync call for the entry has settled. */
  add(entry: Entry<Item>): Promise<void>
  /** Whether the call that it is asked for has not started. */
  isWaiting(entry: Entry<Item>): boolean
  /** The entry's sync call starts. */
  start(entry: Entry<Item>): void
  /** It has settled, with an error or without. */
  settle(entry: Entry<Item>, failure: { readonly error: unknown } | undefined): void
  /** The entry is gone: nobody waits for it any more. */
  drop(entry: Entry<Item>, makeError: () => Error): void
  /** The cache was stopped. */
  dropAll(error: Error): void
}

export function createRequests<Item>(): Requests<Item> {
  const waiting = new Map<Entry<Item>, Request>()
  const running = new Map<Entry<Item>, Request>()

  /** Mostly nobody asks, and this is done for every entry that settles. */
  function take(requests: Map<Entry<Item>, Request>, entry: Entry<Item>): Request | undefined {
    const request = requests.size > 0 ? requests.get(entry) : undefined
    if (request !== undefined) requests.delete(entry)
    return request
  }

  return {
    add(entry) {
      const request = waiting.get(entry) ?? newRequest()
      waiting.set(entry, request)
      return request.promise
    },
    isWaiting: (entry) => waiting.size > 0 && waiting.has(entry),
    start(entry) {
      const request = take(waiting, entry)
      if (request !== undefined) running.set(entry, request)
    },
    settle(entry, failure) {
      const request = take(running, entry)
      if (failure === undefined) request?.resolve()
      else request?.reject(failure.error)
    },
    drop(entry, makeError) {
      for (const requests of [waiting, running]) take(requests, entry)?.reject(makeError())
    },
    dropAll(error) {
      for (const requests of [waiting, running]) {
        for (const request of requests.values()) request.reject(error)
        requests.clear()
      }
    },
  }
}

function newRequest(): Request {
  let settle: Pick<Request, 'resolve' | 'reject'> | undefined
  const promise = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject }
  })
  return { promise, resolve: () => settle?.resolve(), reject: (error) => settle?.reject(error) }
}
