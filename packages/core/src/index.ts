export type {
  AutoRefresh,
  AutoRefreshEvent,
  AutoRefreshStats,
  Batch,
  BatchEntry,
  CreateBatchesFunction,
  DeleteReason,
  ItemId,
  ItemSnapshot,
  ItemStatus,
  SyncContext,
  SyncFunction,
  SyncResponse,
} from './auto-refresh.ts'
export type { Clock } from './environment/clock.ts'
export type { Environment } from './environment/environment.ts'
export { AutoRefreshError, type AutoRefreshErrorCode } from './errors.ts'
export { InMemoryAutoRefresh } from './in-memory-auto-refresh.ts'
export { ItemObserver, type ItemTarget, type Selection } from './observe/item-observer.ts'
export { ItemsObserver, type ItemsTarget, type ListSelection, WHOLE } from './observe/items-observer.ts'
export type { Observer } from './observe/observer.ts'
export type { SnapshotField } from './observe/tracked-snapshot.ts'
export { until } from './observe/until.ts'
export { watch } from './observe/watch.ts'
export type { AutoRefreshOptions, RateLimit, RetryOptions } from './options.ts'
