/**
 * The interface that applications and adapters depend on, and the types that its users meet. Nothing here assumes that
 * the polling happens in this process.
 *
 * The rules behind every member (L, P, W, S, F, G, T, O, C) are in `docs/semantics.md`.
 */
import type { ItemId } from './item-id.ts'
import type { AdoptedState, ItemState } from './item-state.ts'
import type { SyncResponse } from './sync-response.ts'

export type { ItemId } from './item-id.ts'
export type { AdoptedState, ItemState } from './item-state.ts'
export type { SyncResponse } from './sync-response.ts'

/** One item of a batch, as the sync function gets it. */
export interface BatchEntry<Item> {
  readonly id: ItemId
  /** The item when the call starts; undefined for an item that has no value yet. */
  readonly item: Item | undefined
  /** Token of the last response for this id (an ETag, a version), if it carried one. */
  readonly validator?: unknown
}

/** The items that one call of the sync function refreshes. */
export type Batch<Item> = readonly BatchEntry<Item>[]

/** Facts about a call, for its sync function. */
export interface SyncContext {
  /** Aborted when the call times out (`reason.name` is `TimeoutError`) and when the cache is stopped. */
  readonly signal: AbortSignal
}

/** Fetches the newest state of a batch of items in one call. An error that it throws may carry `retryAfter` (ms). */
export type SyncFunction<Item> = (batch: Batch<Item>, context: SyncContext) => SyncResult<Item>

/** `Promise` is here beside `PromiseLike` because the compiler explains at length how two different types of promise differ. */
type SyncResult<Item> =
  | Promise<readonly SyncResponse<Item>[]>
  | readonly SyncResponse<Item>[]
  | PromiseLike<readonly SyncResponse<Item>[]>

interface ItemDetails {
  /** True after `deleteDelayed`: the item goes at its next sync cycle. */
  readonly isDeleting: boolean
  /** The error of the last settled sync; undefined after a success. */
  readonly error: unknown
  /** Number of failed syncs in a row. */
  readonly failureCount: number
  /** True while a sync call for the item runs. Like all that follows, told only to subscribers with `{ activity: true }`. */
  readonly isRefreshing: boolean
  /** Number of successful syncs in a row that changed nothing. */
  readonly unchangedCount: number
  /** Epoch ms, as are the next three. */
  readonly createdAt: number | undefined
  /** When the item last got a new value; undefined before its first. */
  readonly changedAt: number | undefined
  /** When a sync last succeeded. */
  readonly refreshedAt: number | undefined
  /** When the next refresh is scheduled; undefined if none is. */
  readonly nextRefreshAt: number | undefined
}

/** The state of an id at one moment. The same object is returned until something in it changes. */
export type ItemSnapshot<Item> = ItemDetails &
  (
    | { readonly status: 'active' | 'terminal' | 'expired'; readonly item: Item }
    | { readonly status: 'pending'; readonly item: undefined }
    | { readonly status: 'missing'; readonly item: undefined }
  )

/** `pending`: in the cache, without a value yet. `missing`: not in the cache. */
export type ItemStatus = ItemSnapshot<unknown>['status']

/** Why an item was removed. */
export type DeleteReason =
  /** By `delete` or `clear`. */
  | 'deleted'
  /** By `deleteDelayed`. */
  | 'delayed'
  /** The source said so. */
  | 'gone'
  /** It was terminal or expired for the `terminalTtl` of the policy `expiry`. */
  | 'terminal-ttl'
  /** It had no value when it reached the `maxAge` of the policy `expiry`. */
  | 'expired'
  /** A subscription had created it, and it had no subscriber for `gcTime`. */
  | 'unobserved'

/** Why nothing starts by the clock. */
export type PauseReason = 'user' | 'hidden' | 'offline'

/** Why a sync call started: by an item's interval, by `refresh`, to retry failed items, or to test a source that is down. */
export type CallKind = 'clock' | 'asked' | 'retry' | 'probe'

/** An event of the cache. `onEvent` listeners get it at once, in order, when the state is consistent. */
export type AutoRefreshEvent<Item> =
  | { readonly type: 'started' | 'stopped' }
  /** Nothing starts by the clock while one of the reasons holds; `resumed` says which one ended. */
  | { readonly type: 'paused' | 'resumed'; readonly reason: PauseReason }
  | { readonly type: 'created'; readonly id: ItemId; readonly item: Item | undefined }
  | {
      readonly type: 'updated' | 'terminal' | 'expired'
      readonly id: ItemId
      readonly item: Item
    }
  | {
      readonly type: 'deleted'
      readonly id: ItemId
      readonly item: Item | undefined
      readonly reason: DeleteReason
    }
  | { readonly type: 'evicted'; readonly id: ItemId; readonly item: Item | undefined }
  /** `call` numbers the calls of a cache from 1. */
  | {
      readonly type: 'sync-started'
      readonly call: number
      readonly kind: CallKind
      readonly ids: readonly ItemId[]
    }
  /** `duration` in ms; `error` only if the call failed. */
  | {
      readonly type: 'sync-settled'
      readonly call: number
      readonly kind: CallKind
      readonly ids: readonly ItemId[]
      readonly duration: number
      readonly error?: unknown
    }
  /** Nothing succeeds: single items are probed, with growing pauses, until one succeeds (F11). */
  | { readonly type: 'outage-started' | 'outage-ended' }
  /** A response that no item asked for, or one without a usable id. */
  | { readonly type: 'unexpected-response'; readonly id: ItemId | undefined; readonly response: unknown }
  /** A member of a shared cache has another role: `leader`, `follower`, `alone`, `joining` or `out`. */
  | { readonly type: 'role'; readonly role: string }
  /** A callback of the application threw; the cache went on. */
  | { readonly type: 'callback-error'; readonly error: unknown }
/** Counters since the construction, and present figures. */
export interface AutoRefreshStats {
  /** Items in the cache; `evictions`: removed to make room. */
  readonly size: number
  /** Reads by `get` and `getOrThrow` that found a value; `misses`: that found none. */
  readonly hits: number
  readonly misses: number
  /** Sync calls started. */
  readonly syncCalls: number
  /** Sync calls that failed. */
  readonly syncErrors: number
  /** Items for which a sync succeeded. */
  readonly refreshedItems: number
  readonly evictions: number
  /** Sync calls that occupy a slot now, and items that are due and wait for theirs. */
  readonly runningCalls: number
  readonly waitingItems: number
  readonly subscribers: number
}

/** The state of the whole cache, as a banner shows it (G4). */
export interface CacheStatus {
  /** The first that holds of stopped, paused, hidden, offline; else running. */
  readonly state: 'stopped' | 'paused' | 'hidden' | 'offline' | 'running'
  /**
   * True while nothing succeeds, at least three calls in a row have failed, and a polled item is retried (F12). A region that
   * stays dead is no outage.
   */
  readonly isOutage: boolean
  /** The error of the last call; undefined after one that succeeded. */
  readonly error: unknown
  /** Epoch ms at which a call last succeeded. */
  readonly lastSuccessAt: number | undefined
  /** Epoch ms of the next attempt in an outage; otherwise undefined. */
  readonly retryAt: number | undefined
}

/** How a listener of an id is subscribed. */
export interface SubscribeOptions<Item> {
  /** Also told of activity (O2). Default false. */
  readonly activity?: boolean | undefined
  /** Creates an absent item, which then belongs to its subscribers (P7). Default: true if there is an `initialItem`. */
  readonly create?: boolean | undefined
  /** The first value of an item that is absent or has none. */
  readonly initialItem?: Item | undefined
}

/** The seam of adapters, developer tools and shared caches, besides the interface. Reached by `@auto-refresh/core/adapter`. */
export interface AdapterSeam<Item> {
  stateOf(id: ItemId): ItemState<Item> | undefined
  adopt(states: readonly AdoptedState<Item>[]): void
  settled(id: ItemId): Promise<void>
  observerCount(id: ItemId): number
  /** As `refreshAll`, of these ids only (E6). */
  refreshIds(ids: Iterable<ItemId>): Promise<void>
  /** Wall clock, epoch ms. */
  epoch(): number
  /** Makes ids pending again that `clear` removed and a subscription creates, as the next start would (G2). The next change sends them. */
  recreate?(): void
  /** Abort listeners of `until` and `watch` by signal. Without it each adds an event listener. */
  readonly abortListeners?: WeakMap<AbortSignal, AbortGroup>
}

/** Abort listeners of one signal that share one event listener. */
export interface AbortGroup {
  readonly members: Set<() => void>
  /** Removes the event listener. */
  readonly close: () => void
}

/** Items by id, kept fresh until they are terminal. One interface, several implementations. */
export interface AutoRefresh<Item> {
  /** Begins refreshing, and returns at once. An abort of `signal` stops the cache (L1, L2). */
  start(options?: { readonly signal?: AbortSignal | undefined }): this
  /** Stops refreshing; items stay readable and writable. Resolves when no sync call runs (L3, L4). */
  stop(): Promise<void>
  /** Runs the cache while somebody holds it. Returns the release function (L8). */
  retain(): () => void
  readonly isRunning: boolean
  /** The user's pause: no call by the clock starts until `resume`; `refresh` still works (G5). */
  pause(): void
  resume(): void
  /** The item; undefined if it is absent or has no value yet (W9, P2). */
  get(id: ItemId): Item | undefined
  /** The item. @throws {AutoRefreshError} NOT_FOUND if it is absent or has no value yet. */
  getOrThrow(id: ItemId): Item
  /**
   * Adds an item by id alone, without a value: it is fetched at once (P1). Returns what `get` returns.
   *
   * @throws {AutoRefreshError} CAPACITY
   */
  getOrCreate(id: ItemId): Item | undefined
  /**
   * Returns the present value; otherwise stores `item` and returns it (W1).
   *
   * @throws {AutoRefreshError} CAPACITY
   */
  getOrCreate(id: ItemId, item: Item, options?: { readonly validator?: unknown }): Item
  /** Replaces a present item, and moves no due time. False, with nothing stored, if there is none (W2, W3). */
  update(id: ItemId, item: Item): boolean
  /** Removes the item at once. True if there was one (W4). */
  delete(id: ItemId): boolean
  /** Marks the item: its next sync cycle removes it instead of syncing it. True if there is one (W5). */
  deleteDelayed(id: ItemId): boolean
  /** Removes every item. Subscriptions stay (G2). */
  clear(): void
  /** Ignores what calls from before the release and pushes bring for the item. Returns the release function (W13). */
  hold(id: ItemId): () => void
  /** True if the item is due and waits for its call, or is in a running one (C2). */
  inProcessing(id: ItemId): boolean
  /**
   * Makes the item due now, past retry delays and pauses. Resolves when a sync call that started after this request has
   * settled for it; rejects with that call's error, or NOT_FOUND, STOPPED, DELETED (S8).
   */
  refresh(id: ItemId): Promise<void>
  /** Refreshes every item that is refreshed by the clock; resolves when all have settled (G1). Rejects STOPPED. */
  refreshAll(): Promise<void>
  /**
   * Applies what was pushed (by SSE, a WebSocket) like a sync result of this moment (W10).
   *
   * @param options `create`: also adds absent items from updates; they belong to the application. Default false.
   * @throws {AutoRefreshError} CAPACITY, after the rest was applied
   */
  ingest(responses: readonly SyncResponse<Item>[], options?: { readonly create?: boolean | undefined }): void
  has(id: ItemId): boolean
  ids(): IterableIterator<ItemId>
  readonly size: number
  isTerminal(item: Item): boolean
  /** The state of the id: the same object until something in it changes (O1). */
  getSnapshot(id: ItemId): ItemSnapshot<Item>
  /**
   * Calls `listener` in a microtask after a change of the item, its status, error, failure count or deletion mark; with
   * `activity`, after any change of the snapshot (O2). Returns the unsubscribe function.
   */
  subscribe(id: ItemId, listener: () => void, options?: SubscribeOptions<Item>): () => void
  /** Calls `listener` in a microtask after an id came or went, once a turn (G3). Returns the unsubscribe function. */
  subscribeIds(listener: () => void): () => void
  /** The state of the whole cache: the same object until something in it changes (G4). */
  getStatus(): CacheStatus
  /** Calls `listener` in a microtask after a change of the status, `lastSuccessAt` aside (G4). */
  subscribeStatus(listener: () => void): () => void
  /** Tells everything that happens, for logs, metrics and developer tools. Returns the unsubscribe function. */
  onEvent(listener: (event: AutoRefreshEvent<Item>) => void): () => void
  stats(): AutoRefreshStats
  /** For the functions of `@auto-refresh/core/adapter`; applications do not need it. */
  readonly adapterSeam?: AdapterSeam<Item>
}
