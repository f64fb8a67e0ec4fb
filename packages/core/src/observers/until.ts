import { truthOf } from '../answer.ts'
import type { AutoRefresh, ItemId, ItemSnapshot } from '../auto-refresh.ts'
import { AutoRefreshError, quote } from '../errors.ts'
import { onAbort } from './abort-listener.ts'

/**
 * Resolves with the item once `condition` holds, at once if it holds already. A pending item is waited for.
 *
 * ```ts
 * const job = await until(jobs, 'job-1')                              // terminal
 * await until(jobs, 'job-1', (job) => job.progress > 0.5, { signal })
 * ```
 *
 * Rejects with an `AutoRefreshError` NOT_FOUND if the id is absent, DELETED if the item is removed, EXPIRED if it expires;
 * with the error that `condition` throws; and with the signal's reason if that is aborted. A rejection that nobody handles
 * is no unhandled rejection, so that several promises can be awaited one after the other.
 *
 * @param condition called with each value, never without one; default: the cache's `isTerminal`
 */
export function until<Item>(
  cache: AutoRefresh<Item>,
  id: ItemId,
  condition: (item: Item) => boolean = (item) => cache.isTerminal(item),
  options?: { readonly signal?: AbortSignal | undefined },
): Promise<Item> {
  const signal = options?.signal
  const promise = new Promise<Item>((resolve, reject) => {
    let isPresent = false
    let unsubscribe = (): void => undefined
    let ignoreAbort = (): void => undefined
    const end = (): void => {
      unsubscribe()
      ignoreAbort()
    }
    const fail = (error: unknown): void => {
      end()
      reject(error)
    }
    let checked: ItemSnapshot<Item> | undefined
    /** Returns true if the promise is settled. */
    const check = (): boolean => {
      const snapshot = cache.getSnapshot(id)
      checked = snapshot
      try {
        if (snapshot.status === 'missing') throw gone(id, isPresent)
        isPresent = true
        if (snapshot.status === 'pending') return false
        if (truthOf(condition(snapshot.item))) {
          end()
          resolve(snapshot.item)
          return true
        }
        if (snapshot.status === 'expired') throw new AutoRefreshError('EXPIRED', `${quote(id)} has expired`)
        return false
      } catch (error) {
        fail(error)
        return true
      }
    }
    if (check()) return
    if (signal?.aborted === true) return fail(signal.reason)
    unsubscribe = cache.subscribe(id, check)
    if (signal !== undefined) ignoreAbort = onAbort(cache, signal, () => fail(signal.reason))
    // The condition may have changed the item itself before the subscription existed.
    if (cache.getSnapshot(id) !== checked) check()
  })
  promise.catch(() => undefined)
  return promise
}

function gone(id: ItemId, wasPresent: boolean): AutoRefreshError {
  return wasPresent
    ? new AutoRefreshError('DELETED', `${quote(id)} was removed`)
    : new AutoRefreshError('NOT_FOUND', `there is no item ${quote(id)}`)
}
