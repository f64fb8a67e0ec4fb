import type { AutoRefresh, ItemId, ItemSnapshot } from '../auto-refresh.ts'
import { AutoRefreshError, quote } from '../errors.ts'

/**
 * Resolves with the item once `condition` holds, at once if it holds already.
 *
 * ```ts
 * const job = await until(jobs, 'job-1')                              // terminal
 * await until(jobs, 'job-1', (job) => job.progress > 0.5, { signal })
 * ```
 *
 * Rejects with an `AutoRefreshError` NOT_FOUND for an absent id, DELETED when the item goes, EXPIRED when it expires;
 * with what `condition` throws; and with the signal's reason on its abort.
 *
 * @param condition default: the cache's `isTerminal`
 */
export function until<Item>(
  cache: AutoRefresh<Item>,
  id: ItemId,
  condition: (item: Item) => boolean = (item) => cache.isTerminal(item),
  options?: { readonly signal?: AbortSignal | undefined },
): Promise<Item> {
  const signal = options?.signal
  return new Promise((resolve, reject) => {
    let isPresent = false
    let unsubscribe = (): void => undefined
    const end = (): void => {
      unsubscribe()
      signal?.removeEventListener('abort', onAbort)
    }
    const fail = (error: unknown): void => {
      end()
      reject(error)
    }
    const onAbort = (): void => fail(signal?.reason)
    let checked: ItemSnapshot<Item> | undefined
    const check = (): boolean => {
      const snapshot = cache.getSnapshot(id)
      checked = snapshot
      try {
        if (snapshot.status === 'missing') throw gone(id, isPresent)
        isPresent = true
        if (condition(snapshot.item)) {
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
    signal?.addEventListener('abort', onAbort)
    // The condition may have changed the item itself, when nobody listened yet.
    if (cache.getSnapshot(id) !== checked) check()
  })
}

function gone(id: ItemId, wasPresent: boolean): AutoRefreshError {
  return wasPresent
    ? new AutoRefreshError('DELETED', `${quote(id)} was removed`)
    : new AutoRefreshError('NOT_FOUND', `there is no item ${quote(id)}`)
}
