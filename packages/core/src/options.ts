import type { ItemId, ItemSnapshot, SyncFunction } from './auto-refresh.ts'
import type { Policy } from './engine/policy.ts'
import type { Clock } from './environment/clock.ts'
import type { Environment } from './environment/environment.ts'

/** ms until the next refresh, or a function that says so for one item. */
export type IntervalOption<Item> = number | ((snapshot: ItemSnapshot<Item>, id: ItemId) => number)

/** How failures delay the next attempt (F2, F5). */
export interface RetryOptions {
  /** Multiplies the delay with each further failure. At least 1; default 2. */
  readonly factor?: number | undefined
  /** The longest delay, ms; default 60,000. An interval that is longer still holds. */
  readonly maxDelay?: number | undefined
  /** Share of the delay added at random. At least 0; default 0.25. */
  readonly jitter?: number | undefined
}

/** Options of `InMemoryAutoRefresh`. Only `sync` and `interval` are required. */
export interface AutoRefreshOptions<Item> {
  /** In errors, events and developer tools. Default `'auto-refresh'`. */
  readonly name?: string | undefined
  /** Fetches the newest state of a batch of items in one call. */
  readonly sync: SyncFunction<Item>
  /** True for an item that will never change again. Default: never. */
  readonly isTerminal?: ((item: Item) => boolean) | undefined
  /**
   * ms between two refreshes of an item, above 0; `Infinity`: only the first one and those asked for. A function is called
   * once for an item after each of its syncs.
   */
  readonly interval: IntervalOption<Item>
  /** Maximum items in one call. Default 100. */
  readonly batchSize?: number | undefined
  /** Maximum sync calls at a time. Default 4. */
  readonly concurrency?: number | undefined
  /** True: a new item is refreshed at once. Default true. An item without a value always is. */
  readonly syncOnCreate?: boolean | undefined
  /** ms that a new item may wait for others to share its call. Default 0: until the next microtask. */
  readonly batchWindow?: number | undefined
  /** ms that a sync call may take; `Infinity` allowed. Default 30,000. */
  readonly timeout?: number | undefined
  readonly retry?: RetryOptions | undefined
  /**
   * Share of the interval added at random, drawn once a batch and rounded down so that items share wake-ups; 0 to 1, default 0.1.
   */
  readonly jitter?: number | undefined
  /** Meaning of an id that a response leaves out. Default `'unchanged'`. */
  readonly missing?: 'unchanged' | 'fail' | 'delete' | undefined
  /** True if a refresh changed nothing. Default: deep equality of plain data; `Object.is` switches it off. */
  readonly equals?: ((previous: Item, next: Item) => boolean) | undefined
  /** ms without a subscriber after which an item that a subscription created is removed. Default 300,000. */
  readonly gcTime?: number | undefined
  /** True: refreshes as ever while the page is hidden. A number: overdue items once in so many ms. Default false. */
  readonly refreshWhenHidden?: boolean | number | undefined
  /** True: refreshes as ever while offline. A number: overdue items once in so many ms. Default false. */
  readonly refreshWhenOffline?: boolean | number | undefined
  /** False: the timer does not keep a Node, Deno or Bun process alive. Default true. */
  readonly keepAlive?: boolean | undefined
  /** Extensions: `lru`, `expiry`, `rateLimit`, `customBatches`, or your own. Default none. */
  readonly policies?: readonly Policy<NoInfer<Item>>[] | undefined
  /** Default: the runtime's. */
  readonly clock?: Clock | undefined
  /** At least 0 and below 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined
  /** Default: the platform, and TanStack Query's focus and online managers. */
  readonly environment?: Environment | undefined
}

/** The options with every default filled in. */
export interface ResolvedOptions<Item> {
  readonly name: string
  readonly sync: SyncFunction<Item>
  readonly isTerminal: (item: Item) => boolean
  readonly interval: IntervalOption<Item>
  readonly batchSize: number
  readonly concurrency: number
  readonly syncOnCreate: boolean
  readonly batchWindow: number
  readonly timeout: number
  readonly retry: { readonly factor: number; readonly maxDelay: number; readonly jitter: number }
  readonly jitter: number
  readonly missing: 'unchanged' | 'fail' | 'delete'
  readonly equals: (previous: Item, next: Item) => boolean
  readonly gcTime: number
  readonly refreshWhenHidden: boolean | number
  readonly refreshWhenOffline: boolean | number
  readonly keepAlive: boolean
  readonly policies: readonly Policy<Item>[]
  readonly clock: Clock
  readonly random: () => number
  readonly environment: Environment
}
