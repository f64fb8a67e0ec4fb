import type { AutoRefreshStats } from '../auto-refresh.ts'
import { cacheError } from './cache-error.ts'
import { abortCalls } from './call.ts'
import { removeEntry, supersede } from './entries.ts'
import type { Entry } from './entry.ts'
import type { State } from './state.ts'

/** Deletes every item, and aborts the calls that have none left (G2). */
export function clear<Item>(state: State<Item>): void {
  for (const entry of [...state.entries.values()]) {
    for (let each = entry.subscribers; each !== undefined; each = each.next) each.isCleared = each.create
    removeEntry(state, entry, 'deleted')
  }
  abortCalls(state, cacheError(state, 'DELETED', 'the cache was cleared'))
}

/** Ignores what calls from before the release and pushes bring for the entry (W13). Returns the release function. */
export function hold<Item>(state: State<Item>, entry: Entry<Item>): () => void {
  state.holds.set(entry, (state.holds.get(entry) ?? 0) + 1)
  let isHeld = true
  return () => {
    if (!isHeld) return
    isHeld = false
    const count = state.holds.get(entry) ?? 0
    if (count > 1) {
      state.holds.set(entry, count - 1)
      return
    }
    state.holds.delete(entry)
    supersede(entry)
  }
}

/** Counters, and present figures. */
export function statsOf<Item>(state: State<Item>): AutoRefreshStats {
  const { counters, entries, calls, isRunning, subscriberCount } = state
  const { firstFetches, due, asked, askedDue, askedRetries, retries } = state
  const { now } = state.time.read()
  const queues = isRunning ? [firstFetches, due, asked, askedDue, askedRetries, retries] : []
  return {
    size: entries.size,
    ...counters,
    runningCalls: calls.length,
    waitingItems: queues.reduce((count, queue) => count + queue.countDue(now), 0),
    subscribers: subscriberCount,
  }
}
