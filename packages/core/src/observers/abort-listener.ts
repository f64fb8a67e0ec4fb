import type { AutoRefresh } from '../auto-refresh.ts'

/**
 * Calls `listener` when the signal is aborted. Returns the function that ends this; calling it again has no effect.
 *
 * All listeners that a cache has on one signal share one event listener, because runtimes search the list of listeners at
 * each `addEventListener` and `removeEventListener`: 30,000 on one signal take seconds. A cache whose adapter seam has no
 * `abortListeners` gets an event listener of its own for each.
 */
export function onAbort<Item>(
  cache: AutoRefresh<Item>,
  signal: AbortSignal,
  listener: () => void,
): () => void {
  const groups = cache.adapterSeam?.abortListeners
  if (groups === undefined) {
    signal.addEventListener('abort', listener)
    return () => signal.removeEventListener('abort', listener)
  }
  let group = groups.get(signal)
  if (group === undefined) {
    const members = new Set<() => void>()
    const abort = (): void => {
      for (const member of members) member()
    }
    signal.addEventListener('abort', abort)
    group = { members, close: () => signal.removeEventListener('abort', abort) }
    groups.set(signal, group)
  }
  const { members, close } = group
  members.add(listener)
  return () => {
    if (!members.delete(listener) || members.size > 0) return
    groups.delete(signal)
    close()
  }
}
