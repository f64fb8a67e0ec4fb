import type { ItemSnapshot } from '../auto-refresh.ts'

/** The snapshot of every absent id (O1). */
export const MISSING: ItemSnapshot<never> & { readonly status: 'missing' } = Object.freeze({
  status: 'missing',
  item: undefined,
  isDeleting: false,
  error: undefined,
  failureCount: 0,
  isRefreshing: false,
  unchangedCount: 0,
  createdAt: undefined,
  changedAt: undefined,
  refreshedAt: undefined,
  nextRefreshAt: undefined,
})
