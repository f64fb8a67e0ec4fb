import { AutoRefreshError, type AutoRefresh, type ItemId } from '@auto-refresh/core'

/** A fetch that the caller is told of. */
export interface LoadOptions {
  /** True if the next attempt of the cache is worth waiting for. */
  readonly isRetried: (failureCount: number, error: unknown) => boolean
  /** Called when the refresh that was asked for has settled. */
  readonly onSettled: () => void
}

/**
 * Asks the cache for a refresh, and returns the item when it is fresh. The cache retries what fails, so this waits for its
 * next attempts as long as that is worth while, and asks for none.
 */
export async function load<Item>(
  cache: AutoRefresh<Item>,
  id: ItemId,
  { isRetried, onSettled }: LoadOptions,
): Promise<Item> {
  // A policy may refuse the subscription, so the cache is retained after it.
  const leave = cache.subscribe(id, () => undefined, { create: true })
  const release = cache.retain()
  const { refreshedAt } = cache.getSnapshot(id)
  try {
    let failure = await ask(cache, id)
    onSettled()
    while (failure !== undefined) {
      const { status, failureCount } = cache.getSnapshot(id)
      const isOver = status === 'missing' || !cache.isRunning
      if (isOver || !isRetried(Math.max(1, failureCount), failure.error)) throw failure.error
      await nextSettlement(cache, id)
      // A query that was refused in an outage without a call of its own is not fresh yet.
      failure =
        failureOf(cache, id) ?? (cache.getSnapshot(id).refreshedAt === refreshedAt ? failure : undefined)
    }
    const { item } = cache.getSnapshot(id)
    if (item === undefined) throw removed(id)
    return item
  } finally {
    leave()
    release()
  }
}

interface Failure {
  readonly error: unknown
}

/** Waits for the refresh of an item. One that is being fetched for the first time is not asked for once more. */
async function ask<Item>(cache: AutoRefresh<Item>, id: ItemId): Promise<Failure | undefined> {
  const { status, isRefreshing, failureCount } = cache.getSnapshot(id)
  if (status === 'pending' && isRefreshing && failureCount === 0) {
    await nextSettlement(cache, id)
    return failureOf(cache, id)
  }
  try {
    await cache.refresh(id)
    return undefined
  } catch (error) {
    return { error }
  }
}

function failureOf<Item>(cache: AutoRefresh<Item>, id: ItemId): Failure | undefined {
  const { status, failureCount, error } = cache.getSnapshot(id)
  if (status === 'missing') return { error: removed(id) }
  return failureCount > 0 ? { error } : undefined
}

/** Resolves when the item has settled once more, got a value, or gone, and when an outage begins. */
function nextSettlement<Item>(cache: AutoRefresh<Item>, id: ItemId): Promise<void> {
  const before = cache.getSnapshot(id)
  const { isOutage } = cache.getStatus()
  return new Promise((resolve) => {
    const look = (): void => {
      const { status, failureCount, refreshedAt } = cache.getSnapshot(id)
      const isSame =
        status === before.status &&
        failureCount === before.failureCount &&
        refreshedAt === before.refreshedAt &&
        cache.getStatus().isOutage === isOutage
      if (isSame) return
      leaveItem()
      leaveStatus()
      resolve()
    }
    const leaveItem = cache.subscribe(id, look, { activity: true })
    const leaveStatus = cache.subscribeStatus(look)
  })
}

function removed(id: ItemId): AutoRefreshError {
  return new AutoRefreshError('DELETED', `${JSON.stringify(id)} was removed`)
}
