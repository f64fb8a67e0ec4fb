import type { Entry } from '../entry.ts'

interface Request {
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** The calls of `refresh` that are not answered yet (S8). Several callers of one id share one sync call. */
export interface Requests<Item> {
  /** Resolves when the next sync call for the entry has settled. */
  readonly add: (entry: Entry<Item>) => Promise<void>
  /** Whether the call that it is asked for has not started. */
  readonly isWaiting: (entry: Entry<Item>) => boolean
  /** The entry's sync call starts. */
  readonly start: (entry: Entry<Item>) => void
  /** It has settled, with an error or without. */
  readonly settle: (entry: Entry<Item>, failure: { readonly error: unknown } | undefined) => void
  /** The entry is gone: nobody waits for it any more. */
  readonly drop: (entry: Entry<Item>, makeError: () => Error) => void
  /** The cache was stopped. */
  readonly dropAll: (error: Error) => void
}

export function createRequests<Item>(): Requests<Item> {
  const waiting = new Map<Entry<Item>, readonly Request[]>()
  const running = new Map<Entry<Item>, readonly Request[]>()
  const none: readonly Request[] = []

  function take(requests: Map<Entry<Item>, readonly Request[]>, entry: Entry<Item>): readonly Request[] {
    // Mostly nobody asks, and this is done for every entry that is sent or settles.
    const taken = requests.size > 0 ? requests.get(entry) : undefined
    if (taken === undefined) return none
    requests.delete(entry)
    return taken
  }

  function reject(requests: readonly Request[], error: unknown): void {
    for (const request of requests) request.reject(error)
  }

  return {
    isWaiting: (entry) => waiting.size > 0 && waiting.has(entry),
    add: (entry) =>
      new Promise((resolve, decline) => {
        waiting.set(entry, [...(waiting.get(entry) ?? []), { resolve, reject: decline }])
      }),
    start(entry) {
      const started = take(waiting, entry)
      if (started.length > 0) running.set(entry, started)
    },
    settle(entry, failure) {
      const settled = take(running, entry)
      if (failure !== undefined) reject(settled, failure.error)
      else for (const { resolve } of settled) resolve()
    },
    drop(entry, makeError) {
      const dropped = [...take(waiting, entry), ...take(running, entry)]
      if (dropped.length > 0) reject(dropped, makeError())
    },
    dropAll(error) {
      for (const requests of [waiting, running]) {
        for (const dropped of requests.values()) reject(dropped, error)
        requests.clear()
      }
    },
  }
}
