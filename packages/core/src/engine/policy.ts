import type { Batch, DeleteReason, ItemId, ItemStatus } from '../auto-refresh.ts'

/**
 * A policy's view of an item.
 *
 * @experimental
 */
export interface PolicyItem {
  readonly id: ItemId
  readonly status: ItemStatus
  /** True if it has a subscriber. */
  readonly isObserved: boolean
  /** True if the application added it; false if it belongs to its subscribers (P7). */
  readonly isOwned: boolean
  /** True while a sync call for it runs. */
  readonly isRefreshing: boolean
  /** ms on the cache's clock. */
  readonly createdTime: number
}

/**
 * A policy's access to its cache. `evict`, `expire` and `remove` may be called from `admit` and `run` only.
 *
 * @experimental
 */
export interface PolicyHost {
  readonly name: string
  /** Number of items in the cache. */
  readonly size: () => number
  /** The time on the cache's clock, ms. It goes on over a sleep, and never goes back (T2). */
  readonly now: () => number
  /** Wall clock, epoch ms. */
  readonly epoch: () => number
  /** Removes an item to make room. */
  readonly evict: (item: PolicyItem) => void
  /** Ends an item's polling; an item without a value is removed (P6). */
  readonly expire: (item: PolicyItem) => void
  readonly remove: (item: PolicyItem, reason: DeleteReason) => void
}

/**
 * The decisions of a policy. Every hook is optional. Hooks may read the cache; anything else throws REENTRANT (O3).
 *
 * @experimental
 */
export interface PolicyHooks<Item> {
  /** A new item wants to come in. Makes room by `host.evict`, or throws. @param isApplication false: a subscription's */
  readonly admit?: (id: ItemId, isApplication: boolean) => void
  /** The item is new, was used, or has another status, owner or first subscriber than before. */
  readonly changed?: (item: PolicyItem) => void
  /** The item was removed. */
  readonly removed?: (item: PolicyItem) => void
  /** When the next call may start, ms on the cache's clock; of several policies the latest wins. `isAsked`: by `refresh`. */
  readonly startAt?: (now: number, isAsked: boolean) => number
  readonly callStarted?: (now: number) => void
  readonly callSettled?: (now: number, isFailed: boolean) => void
  /** When `run` is to be called next, ms on the cache's clock; `Infinity`: not by the clock. */
  readonly wakeAt?: () => number
  readonly run?: (now: number) => void
  /** Divides what is due into batches. What it leaves out is due again one interval later. One policy only. */
  readonly batches?: (due: Batch<Item>) => Iterable<readonly { readonly id: ItemId }[]>
}

/**
 * An extension of a cache, called once when the cache is constructed; its state lives in the hooks that it returns.
 *
 * @experimental
 */
export type Policy<Item = unknown> = (host: PolicyHost) => PolicyHooks<Item>
