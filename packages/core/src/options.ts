import type { CreateBatchesFunction, ItemId, ItemSnapshot, SyncFunction } from './auto-refresh.ts'
import type { Clock } from './environment/clock.ts'
import type { Environment } from './environment/environment.ts'

/** Sync calls start no faster than `calls` in `per` ms. */
export interface RateLimit {
  readonly calls: number
  readonly per: number
  /** How many may start at once after a silence. Default: `calls`. */
  readonly burst?: number | undefined
}

/** How failures delay the next try (F2). */
export interface RetryOptions {
  /** By how much each further failure multiplies the delay. At least 1; default 2. */
  readonly factor?: number | undefined
  /** The longest delay, ms; default 60,000. An interval that is longer still holds. */
  readonly maxDelay?: number | undefined
  /** Share of the delay added at random. At least 0; default 0.25. */
  readonly jitter?: number | undefined
}

/** What `InMemoryAutoRefresh` is made with. Only `sync` and `interval` are required. */
export interface AutoRefreshOptions<Item> {
  /** In errors, events and developer tools. Default `'auto-refresh'`. */
  readonly name?: string | undefined
  /** Fetches the newest state of a batch of items in one call. */
  readonly sync: SyncFunction<Item>
  /** Whether an item will never change again. Default: never. */
  readonly isTerminal?: ((item: Item) => boolean) | undefined
  /**
   * ms between two refreshes of an item, above 0; `Infinity` for none but the first and those asked for. A function is
   * called once for an item after each of its syncs.
   */
  readonly interval: number | ((snapshot: ItemSnapshot<Item>, id: ItemId) => number)
  /** Share of the interval that a refresh may come early to share a batch; 0 to 1, default 0.5. */
  readonly coalesce?: number | undefined
  /** The most items in one call. Default 100. */
  readonly batchSize?: number | undefined
  /** Divides what is due into batches. Default: chunks of `batchSize`, oldest due first. */
  readonly createBatches?: CreateBatchesFunction<Item> | undefined
  /** The most sync calls at a time. Default 4. */
  readonly parallelism?: number | undefined
  /** A token bucket on the starts of sync calls. Default: none. */
  readonly rateLimit?: RateLimit | undefined
  /** Whether a new item is refreshed at once. Default true. */
  readonly syncOnCreate?: boolean | undefined
  /** ms that a new item may wait for company. Default 0: until the next microtask. */
  readonly batchWindow?: number | undefined
  /** ms that a sync call may take; `Infinity` allowed. Default 30,000. */
  readonly timeout?: number | undefined
  readonly retry?: RetryOptions | undefined
  /** Share of the interval added at random, drawn once a batch; 0 to 1, default 0.1. */
  readonly jitter?: number | undefined
  /** What an id means that a response leaves out. Default `'unchanged'`. */
  readonly missing?: 'unchanged' | 'fail' | 'delete' | undefined
  /** Whether a refresh changed nothing. Default: deep equality of plain data; `Object.is` switches it off. */
  readonly equals?: ((previous: Item, next: Item) => boolean) | undefined
  /** The most items. Default `Infinity`. */
  readonly capacity?: number | undefined
  /** ms after which a terminal or expired item is removed. Default `Infinity`. */
  readonly terminalTtl?: number | undefined
  /** ms from its creation after which an item that is not terminal expires. Default `Infinity`. */
  readonly maxAge?: number | undefined
  /** Whether items without a subscriber are refreshed. Default true. */
  readonly refreshUnobserved?: boolean | undefined
  /** ms without a subscriber after which an item is removed. Default `Infinity`. */
  readonly gcTime?: number | undefined
  /** Default false. */
  readonly refreshWhenHidden?: boolean | undefined
  /** Default false. */
  readonly refreshWhenOffline?: boolean | undefined
  /** False: the timer does not keep a Node, Deno or Bun process alive. Default true. */
  readonly keepAlive?: boolean | undefined
  /** Default: the runtime's. */
  readonly clock?: Clock | undefined
  /** At least 0 and below 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined
  /** Default: what TanStack Query's focus and online managers say. */
  readonly environment?: Environment | undefined
}

/** A rate limit with its default filled in. */
export interface TokenBucket {
  readonly calls: number
  readonly per: number
  readonly burst: number
}

/** The options with every default filled in. */
export interface ResolvedOptions<Item> {
  readonly name: string
  readonly sync: SyncFunction<Item>
  readonly isTerminal: (item: Item) => boolean
  readonly interval: number | ((snapshot: ItemSnapshot<Item>, id: ItemId) => number)
  readonly coalesce: number
  readonly batchSize: number
  readonly createBatches: CreateBatchesFunction<Item> | undefined
  readonly parallelism: number
  readonly rateLimit: TokenBucket | undefined
  readonly syncOnCreate: boolean
  readonly batchWindow: number
  readonly timeout: number
  readonly retry: { readonly factor: number; readonly maxDelay: number; readonly jitter: number }
  readonly jitter: number
  readonly missing: 'unchanged' | 'fail' | 'delete'
  readonly equals: (previous: Item, next: Item) => boolean
  readonly capacity: number
  readonly terminalTtl: number
  readonly maxAge: number
  readonly refreshUnobserved: boolean
  readonly gcTime: number
  readonly refreshWhenHidden: boolean
  readonly refreshWhenOffline: boolean
  readonly keepAlive: boolean
  readonly clock: Clock
  readonly random: () => number
  readonly environment: Environment
}
