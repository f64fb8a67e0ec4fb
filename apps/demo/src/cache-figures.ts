import type { AutoRefresh } from '@auto-refresh/core'

/** What the strip shows of the cache at one moment. */
export interface CacheFigures {
  readonly items: number
  /** Not terminal: still refreshed. */
  readonly active: number
  /** Active, and their last refresh failed. */
  readonly failing: number
  readonly inFlight: number
  readonly waiting: number
  readonly syncCalls: number
  readonly syncErrors: number
  readonly refreshedItems: number
  /** Epoch ms of the next refresh that is planned. */
  readonly nextRefreshAt: number | undefined
}

export function readFigures<Item>(cache: AutoRefresh<Item>): CacheFigures {
  let active = 0
  let failing = 0
  let next = Infinity
  for (const id of cache.ids()) {
    const { status, failureCount, nextRefreshAt } = cache.getSnapshot(id)
    if (status !== 'active') continue
    active++
    if (failureCount > 0) failing++
    if (nextRefreshAt !== undefined) next = Math.min(next, nextRefreshAt)
  }
  const stats = cache.stats()
  return {
    items: stats.size,
    active,
    failing,
    inFlight: stats.runningCalls,
    waiting: stats.waitingItems,
    syncCalls: stats.syncCalls,
    syncErrors: stats.syncErrors,
    refreshedItems: stats.refreshedItems,
    nextRefreshAt: next === Infinity ? undefined : next,
  }
}
