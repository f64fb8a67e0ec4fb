import type { AutoRefresh } from '@auto-refresh/core'

/** The figures of the cache that the strip shows at one moment. */
export interface CacheFigures {
  readonly items: number
  /** Not finished: still polled. */
  readonly active: number
  /** Active, and their last refresh failed. */
  readonly failing: number
  /** In a running call. */
  readonly inFlight: number
  /** Due, and not in a call yet. */
  readonly waiting: number
  readonly runningCalls: number
  readonly subscribers: number
  readonly syncCalls: number
  readonly syncErrors: number
  readonly refreshedItems: number
  /** Epoch ms of the next refresh that is planned. */
  readonly nextRefreshAt: number | undefined
}

export function readFigures<Item>(cache: AutoRefresh<Item>): CacheFigures {
  let active = 0
  let failing = 0
  let inFlight = 0
  let next = Infinity
  for (const id of cache.ids()) {
    const { status, failureCount, isRefreshing, nextRefreshAt } = cache.getSnapshot(id)
    if (status !== 'active') continue
    active++
    if (failureCount > 0) failing++
    if (isRefreshing) inFlight++
    if (nextRefreshAt !== undefined) next = Math.min(next, nextRefreshAt)
  }
  const stats = cache.stats()
  return {
    items: stats.size,
    active,
    failing,
    inFlight,
    waiting: stats.waitingItems,
    runningCalls: stats.runningCalls,
    subscribers: stats.subscribers,
    syncCalls: stats.syncCalls,
    syncErrors: stats.syncErrors,
    refreshedItems: stats.refreshedItems,
    nextRefreshAt: next === Infinity ? undefined : next,
  }
}
