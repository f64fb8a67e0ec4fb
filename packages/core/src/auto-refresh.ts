/**
 * The vocabulary of the package: the interface that applications and adapters depend on, and the types that a user
 * of it meets. Nothing in it assumes that the refreshing happens in this process.
 *
 * The rules behind every member (L, W, S, F, T, O, C) are in `docs/semantics.md`.
 */

/** Any string. An id is a key and nothing else: it is never parsed, and never used as a property name. */
export type ItemId = string

/** One item of a batch, as the sync function gets it. */
export interface BatchEntry<Item> {
  readonly id: ItemId
  /** The item as it is when the call starts, not as it was when it fell due. */
  readonly item: Item
  /** What the last response for this id carried (an ETag, a version), if it carried one. */
  readonly validator?: unknown
}

/** The items that one call of the sync function refreshes. */
export type Batch<Item> = readonly BatchEntry<Item>[]

/** What the source says about one id. An id that a response leaves out is what the option `missing` says. */
export type SyncResponse<Item> =
  | {
      readonly id: ItemId
      readonly action?: 'update' | undefined
      readonly item: Item
      readonly validator?: unknown
    }
  | { readonly id: ItemId; readonly action: 'unchanged'; readonly validator?: unknown }
  /** The item is gone at the source: it is removed here. */
  | { readonly id: ItemId; readonly action: 'delete' }
  /** The item could not be refreshed; `retryAfter` (ms) is the soonest next try. */
  | {
      readonly id: ItemId
      readonly action: 'fail'
      readonly error: unknown
      readonly retryAfter?: number | undefined
    }

/** What a sync function is told about its call. */
export interface SyncContext {
  /** Aborted when the call times out (`reason.name` is `TimeoutError`) and when the cache is stopped. */
  readonly signal: AbortSignal
}

/** Fetches the newest state of a batch of items in one call. An error that it throws may carry `retryAfter` (ms). */
export type SyncFunction<Item> = (
  batch: Batch<Item>,
  context: SyncContext,
) => Iterable<SyncResponse<Item>> | PromiseLike<Iterable<SyncResponse<Item>>>

/** Divides what is due into batches. What it leaves out is due again one interval later. */
export type CreateBatchesFunction<Item> = (due: Batch<Item>) => Iterable<Batch<Item>>

interface SnapshotDetails {
  /** `deleteDelayed` was called: the item goes at its next sync cycle. */
  readonly isDeleting: boolean
  /** The error of the last settled sync; undefined after a success. */
  readonly error: unknown
  /** How many syncs failed in a row. */
  readonly failureCount: number
  /** In a running sync call. Activity: told only to subscribers with `{ activity: true }`, as is all that follows. */
  readonly isRefreshing: boolean
  /** How many successful syncs in a row changed nothing. */
  readonly unchangedCount: number
  /** Epoch ms, as are the next three. */
  readonly createdAt: number | undefined
  /** When the item last got a new value. */
  readonly changedAt: number | undefined
  /** When a sync last succeeded. */
  readonly refreshedAt: number | undefined
  /** When the next refresh is planned; undefined where none is. */
  readonly nextRefreshAt: number | undefined
}

/** What an id is at one moment. The same object is returned until something in it changes. */
export type ItemSnapshot<Item> =
  | (SnapshotDetails & {
      readonly status: 'active' | 'terminal' | 'expired'
      readonly item: Item
    })
  | (SnapshotDetails & { readonly status: 'missing'; readonly item: undefined })

/** What an item is, or that there is none. */
export type ItemStatus = ItemSnapshot<unknown>['status']

/** Why an item was removed. */
export type DeleteReason =
  /** By `delete`. */
  | 'deleted'
  /** By `deleteDelayed`. */
  | 'delayed'
  /** The source said so. */
  | 'gone'
  /** It was terminal or expired for `terminalTtl`. */
  | 'terminal-ttl'
  /** It had no subscriber for `gcTime`. */
  | 'unobserved'

/** What the cache tells `onEvent` listeners: at once, in order, when its state is consistent. */
export type AutoRefreshEvent<Item> =
  | { readonly type: 'started' | 'stopped' }
  /** Nothing new is started: the page is hidden or the machine offline. `resumed`: it is back. */
  | { readonly type: 'paused' | 'resumed' }
  | {
      readonly type: 'created' | 'updated' | 'terminal' | 'expired'
      readonly id: ItemId
      readonly item: Item
    }
  | { readonly type: 'deleted'; readonly id: ItemId; readonly item: Item; readonly reason: DeleteReason }
  | { readonly type: 'evicted'; readonly id: ItemId; readonly item: Item }
  | { readonly type: 'sync-started'; readonly ids: readonly ItemId[] }
  /** `duration` in ms; `error` is there only where the call failed. */
  | {
      readonly type: 'sync-settled'
      readonly ids: readonly ItemId[]
      readonly duration: number
      readonly error?: unknown
    }
  /** Three calls failed in a row: one probe at a time is sent until one succeeds. */
  | { readonly type: 'outage-started' | 'outage-ended' }
  /** A response that no item asked for, or one without a usable id. */
  | { readonly type: 'unexpected-response'; readonly id: ItemId | undefined; readonly response: unknown }
  /** A callback of the application threw; the cache went on. */
  | { readonly type: 'callback-error'; readonly error: unknown }

/** Counters since the construction, and gauges of the moment. */
export interface AutoRefreshStats {
  /** Items in the cache. */
  readonly size: number
  /** Reads by `get` and `getOrThrow` that found an item, and that did not. */
  readonly hits: number
  readonly misses: number
  /** Sync calls started. */
  readonly syncCalls: number
  /** Sync calls that failed. */
  readonly syncErrors: number
  /** Items for which a sync succeeded. */
  readonly refreshedItems: number
  /** Items removed to make room. */
  readonly evictions: number
  /** Sync calls that occupy a slot now. */
  readonly runningCalls: number
  /** Items that are due and wait for their call. */
  readonly waitingItems: number
  readonly subscribers: number
}

/** Items put in by id, kept fresh until they are terminal. One interface, several homes. */
export interface AutoRefresh<Item> {
  /** Begins refreshing, and returns at once. An abort of `signal` stops the cache (L1, L2). */
  start(options?: { readonly signal?: AbortSignal | undefined }): this
  /** Stops refreshing; items stay readable and writable. Resolves when no sync call is running (L3, L4). */
  stop(): Promise<void>
  /** Runs the cache while somebody holds it. Returns the release function (L8). */
  retain(): () => void
  readonly isRunning: boolean

  /** The item, or undefined (W9). */
  get(id: ItemId): Item | undefined
  /** The item. @throws {AutoRefreshError} NOT_FOUND where there is none. */
  getOrThrow(id: ItemId): Item
  /** The item that is there; else stores `item` and returns it (W1). @throws {AutoRefreshError} CAPACITY */
  getOrCreate(id: ItemId, item: Item): Item
  /** Replaces the item that is there, and moves no due time. False, and nothing stored, where there is none (W2, W3). */
  update(id: ItemId, item: Item): boolean
  /** Removes the item at once. Returns whether there was one (W4). */
  delete(id: ItemId): boolean
  /** Marks the item: its next sync cycle removes it instead of syncing it. Returns whether there is one (W5). */
  deleteDelayed(id: ItemId): boolean
  /** Whether the item is due and waits for its call, or is in a running one (C2). */
  inProcessing(id: ItemId): boolean
  /**
   * Makes the item due now, past backoff and pauses. Resolves when a sync call that started after this one was asked
   * for has settled for it; rejects with that call's error, or NOT_FOUND, STOPPED, DELETED (S8).
   */
  refresh(id: ItemId): Promise<void>
  /** Applies what was pushed (by SSE, a WebSocket) like a sync result of this moment (W10). */
  ingest(responses: Iterable<SyncResponse<Item>>): void
  has(id: ItemId): boolean
  ids(): IterableIterator<ItemId>
  readonly size: number
  isTerminal(item: Item): boolean

  /** What the id is now: the same object until something in it changes (O1). */
  getSnapshot(id: ItemId): ItemSnapshot<Item>
  /**
   * Calls `listener` in a microtask after a change of the item, its status, error, failure count or deletion mark; with
   * `activity`, after any change of the snapshot (O2). The id may be absent. Returns the unsubscribe function.
   */
  subscribe(
    id: ItemId,
    listener: () => void,
    options?: { readonly activity?: boolean | undefined },
  ): () => void
  /** Tells everything that happens, for logs, metrics and developer tools. Returns the unsubscribe function. */
  onEvent(listener: (event: AutoRefreshEvent<Item>) => void): () => void
  stats(): AutoRefreshStats
}
