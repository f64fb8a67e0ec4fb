import type { ItemSnapshot } from './auto-refresh.ts'
import type { Entry } from './entry.ts'
import { MISSING } from './observe/missing.ts'

/** The entry as it is now, if there is one: the same object until something in it changes (O1). */
export function snapshotOf<Item>(entry: Entry<Item> | undefined): ItemSnapshot<Item> {
  if (entry === undefined || entry.status === 'missing') return MISSING
  const { status, item, isDeleting, failures, call, unchangedCount } = entry
  entry.snapshot ??= {
    status,
    item,
    isDeleting,
    error: failures?.error,
    failureCount: failures?.count ?? 0,
    isRefreshing: call?.isAborted === false,
    unchangedCount,
    createdAt: entry.createdAt.epoch,
    changedAt: entry.changedAt.epoch,
    refreshedAt: entry.refreshedAt?.epoch,
    nextRefreshAt: nextRefreshAt(entry),
  }
  return entry.snapshot
}

/** When the next refresh is planned, ms since 1970. What is marked for deletion is planned to be removed. */
export function nextRefreshAt<Item>({ isDeleting, cohort }: Entry<Item>): number | undefined {
  return isDeleting ? undefined : cohort?.dueEpoch
}
