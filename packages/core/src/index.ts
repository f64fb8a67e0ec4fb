export type {
  AutoRefresh,
  AutoRefreshEvent,
  AutoRefreshStats,
  Batch,
  BatchEntry,
  CacheStatus,
  CallKind,
  DeleteReason,
  ItemId,
  ItemSnapshot,
  ItemStatus,
  PauseReason,
  SubscribeOptions,
  SyncContext,
  SyncFunction,
  SyncResponse,
} from './auto-refresh.ts'
export type { Policy, PolicyHooks, PolicyHost, PolicyItem } from './engine/policy.ts'
export type { Clock } from './environment/clock.ts'
export type { Environment } from './environment/environment.ts'
export { focusManager, onlineManager } from './environment/tanstack.ts'
export { AutoRefreshError, type AutoRefreshErrorCode } from './errors.ts'
export { InMemoryAutoRefresh } from './in-memory-auto-refresh.ts'
export { dehydrate, hydrate } from './observers/hydrate.ts'
export { mutate } from './observers/mutate.ts'
export { until } from './observers/until.ts'
export { watch } from './observers/watch.ts'
export type { AutoRefreshOptions, IntervalOption, RetryOptions } from './options.ts'
export { customBatches, type CreateBatchesFunction } from './policies/custom-batches.ts'
export { expiry, type ExpiryOptions } from './policies/expiry.ts'
export { lru } from './policies/lru.ts'
export { rateLimit, type RateLimitOptions } from './policies/rate-limit.ts'
export { retryAfterOf } from './retry-after.ts'
