import type { ItemSnapshot } from './auto-refresh.ts'
import type { Entry } from './entry.ts'
import { MISSING } from './observe/missing.ts'

/** The entry as it is now: the same object until something in it changes (O1). */
export function snapshotOf<Item>(entry: Entry<Item>): ItemSnapshot<Item> {
  if (entry.status === 'missing') return MISSING
  entry.snapshot ??= {
    status: entry.status,
    item: entry.item,
    isDeleting: entry.isDeleting,
    error: entry.failures?.error,
    failureCount: entry.failures?.count ?? 0,
    isRefreshing: entry.call !== undefined && !entry.call.isAborted,
    unchangedCount: entry.unchangedCount,
    createdAt: entry.createdAt.epoch,
    changedAt: entry.changedAt.epoch,
    refreshedAt: entry.refreshedAt?.epoch,
    nextRefreshAt: entry.isDeleting ? undefined : entry.cohort?.dueEpoch,
  }
  return entry.snapshot
}
