/** The listing in `docs/semantics.md` and the package's types are the same: compiled with the snippets. */
import type * as contract from 'contract'
import type * as core from '@auto-refresh/core'
import type * as adapter from '@auto-refresh/core/adapter'

interface Job {
  readonly state: string
}

/** True if every `Left` is a `Right`. */
type Fits<Left extends Right, Right> = Left extends Right ? true : never

export type Checks = [
  Fits<core.InMemoryAutoRefresh<Job>, contract.InMemoryAutoRefresh<Job>>,
  Fits<core.InMemoryAutoRefresh<Job>, contract.AutoRefresh<Job>>,
  Fits<core.AutoRefresh<Job>, contract.AutoRefresh<Job>>,
  Fits<contract.AutoRefresh<Job>, core.AutoRefresh<Job>>,
  Fits<contract.AutoRefreshOptions<Job>, core.AutoRefreshOptions<Job>>,
  Fits<keyof core.AutoRefreshOptions<Job>, keyof contract.AutoRefreshOptions<Job>>,
  Fits<contract.SubscribeOptions<Job>, core.SubscribeOptions<Job>>,
  Fits<keyof core.SubscribeOptions<Job>, keyof contract.SubscribeOptions<Job>>,
  Fits<core.ItemSnapshot<Job>, contract.ItemSnapshot<Job>>,
  Fits<contract.ItemSnapshot<Job>, core.ItemSnapshot<Job>>,
  Fits<core.ItemStatus, contract.ItemStatus>,
  Fits<contract.ItemStatus, core.ItemStatus>,
  Fits<core.BatchEntry<Job>, contract.BatchEntry<Job>>,
  Fits<contract.BatchEntry<Job>, core.BatchEntry<Job>>,
  Fits<contract.SyncResponse<Job>, core.SyncResponse<Job>>,
  Fits<contract.SyncFunction<Job>, core.SyncFunction<Job>>,
  Fits<core.CacheStatus, contract.CacheStatus>,
  Fits<contract.CacheStatus, core.CacheStatus>,
  Fits<core.AutoRefreshEvent<Job>, contract.AutoRefreshEvent<Job>>,
  Fits<contract.AutoRefreshEvent<Job>, core.AutoRefreshEvent<Job>>,
  Fits<core.AutoRefreshStats, contract.AutoRefreshStats>,
  Fits<contract.AutoRefreshStats, core.AutoRefreshStats>,
  Fits<contract.Clock, core.Clock>,
  Fits<core.Clock, contract.Clock>,
  Fits<contract.Environment, core.Environment>,
  Fits<core.Environment, contract.Environment>,
  Fits<core.AutoRefreshErrorCode, contract.AutoRefreshErrorCode>,
  Fits<contract.AutoRefreshErrorCode, core.AutoRefreshErrorCode>,
  Fits<typeof core.until<Job>, typeof contract.until<Job>>,
  Fits<typeof core.watch<Job>, typeof contract.watch<Job>>,
  Fits<typeof core.mutate<Job, string>, typeof contract.mutate<Job, string>>,
  Fits<typeof core.dehydrate<Job>, typeof contract.dehydrate<Job>>,
  Fits<typeof core.hydrate<Job>, typeof contract.hydrate<Job>>,
  Fits<typeof core.retryAfterOf, typeof contract.retryAfterOf>,
  Fits<typeof core.lru, typeof contract.lru>,
  Fits<typeof core.expiry, typeof contract.expiry>,
  Fits<typeof core.rateLimit, typeof contract.rateLimit>,
  Fits<typeof core.customBatches<Job>, typeof contract.customBatches<Job>>,
  Fits<contract.Policy<Job>, core.Policy<Job>>,
  Fits<keyof core.PolicyHooks<Job>, keyof contract.PolicyHooks<Job>>,
  Fits<core.PolicyHost, contract.PolicyHost>,
  Fits<core.PolicyItem, contract.PolicyItem>,
  Fits<typeof adapter.stateOf, typeof contract.stateOf>,
  Fits<typeof adapter.adopt, typeof contract.adopt>,
  Fits<typeof adapter.settled, typeof contract.settled>,
  Fits<typeof adapter.observerCount, typeof contract.observerCount>,
  Fits<adapter.ItemState<Job>, contract.ItemState<Job>>,
  Fits<contract.ItemState<Job>, adapter.ItemState<Job>>,
]
