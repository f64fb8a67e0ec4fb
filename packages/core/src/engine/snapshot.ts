import type { ItemSnapshot } from '../auto-refresh.ts'
import { MISSING } from '../observers/missing.ts'
import { dueOf, type Entry } from './entry.ts'
import type { State } from './state.ts'
import { tellSubscribers } from './subscribers.ts'

/** The snapshot of an entry: the same object until something in it changes (O1). */
export function snapshotOf<Item>(state: State<Item>, entry: Entry<Item> | undefined): ItemSnapshot<Item> {
  if (entry === undefined || entry.status === 'missing') return MISSING
  entry.snapshot ??= makeSnapshot(state, entry)
  return entry.snapshot
}

/** Two whole literals, because V8 takes longer to spread an object into one than to make it: half of a refresh. */
function makeSnapshot<Item>(state: State<Item>, entry: Entry<Item>): ItemSnapshot<Item> {
  const { status, item, isDeleting, isRefreshing, failures, unchangedCount } = entry
  const error = failures?.error
  const failureCount = failures?.count ?? 0
  const createdAt = entry.createdAt.epoch
  const changedAt = entry.changedAt?.epoch
  const refreshedAt = entry.refreshedAt?.epoch
  const next = nextRefreshAt(state, entry)
  if (item === undefined) {
    return {
      status: 'pending',
      item: undefined,
      isDeleting,
      error,
      failureCount,
      isRefreshing,
      unchangedCount,
      createdAt,
      changedAt,
      refreshedAt,
      nextRefreshAt: next,
    }
  }
  return {
    status: status === 'terminal' || status === 'expired' ? status : 'active',
    item,
    isDeleting,
    error,
    failureCount,
    isRefreshing,
    unchangedCount,
    createdAt,
    changedAt,
    refreshedAt,
    nextRefreshAt: next,
  }
}

/** When the next refresh is scheduled, epoch ms. */
function nextRefreshAt<Item>(state: State<Item>, entry: Entry<Item>): number | undefined {
  const due = dueOf(entry)
  if (due === Infinity) return undefined
  const { now, epoch } = state.time.read()
  return epoch + (due - now)
}

/** Something in the entry's snapshot changed: drops it, and tells those who are subscribed to activity. */
export function dropSnapshot<Item>(state: State<Item>, entry: Entry<Item>, isVisible: boolean = false): void {
  entry.snapshot = undefined
  if (entry.subscribers !== undefined) tellSubscribers(state, entry, isVisible)
}
