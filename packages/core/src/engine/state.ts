import type { AutoRefreshEvent, CacheStatus, ItemId } from '../auto-refresh.ts'
import { CacheTime } from '../environment/cache-time.ts'
import type { Timestamp } from '../environment/clock.ts'
import type { IntervalOption, ResolvedOptions } from '../options.ts'
import { type CircuitBreaker, newBreaker } from './breaker-state.ts'
import type { Call, Entry, Observed } from './entry.ts'
import type { PolicyHooks } from './policy.ts'
import { DelayQueue } from './queue/delay-queue.ts'
import type { DueGroup } from './queue/due-group.ts'

/** A caller of `refresh` or `refreshAll` that waits for an entry (S8, G1). */
export interface PendingRefresh {
  /** The number of the last call that had started when it was asked for. */
  readonly after: number
  /** The entry was terminal: the call may reopen it (W7). */
  readonly reopens: boolean
  /** Called once, with the error if the refresh failed. */
  readonly settle: (failure: { readonly error: unknown } | undefined) => void
}

/** Why nothing starts by the clock (T3, G5, G7). */
export interface Pause {
  user: boolean
  hidden: boolean
  offline: boolean
  /** ms between two rounds of a slowed-down page; `Infinity` for none. */
  period: number
  /** Time of the next round, and the due time up to which the present round goes. */
  roundTime: number
  roundLimit: number
  /** Ends the subscription to the environment. */
  unsubscribe: (() => void) | undefined
}

/** Counted as it happens; the rest of the stats is computed on demand. */
export interface Counters {
  hits: number
  misses: number
  syncCalls: number
  syncErrors: number
  refreshedItems: number
  evictions: number
}

/** Listeners that are told in a microtask, once a turn. */
export interface Broadcast {
  readonly listeners: Set<{ readonly listener: () => unknown }>
  isQueued: boolean
}

/** Everything that a cache is. Each field is changed only by the module of the same name. */
export interface State<Item> {
  readonly options: ResolvedOptions<Item>
  interval: IntervalOption<Item>
  readonly time: CacheTime
  /** Set once, when the policies have been given their host. */
  policies: readonly PolicyHooks<Item>[]
  readonly counters: Counters

  readonly entries: Map<ItemId, Entry<Item>>
  /** Ids of removed entries that a call still contains: a new generation waits for its end (S3). */
  readonly inFlightIds: Set<ItemId>
  readonly holds: Map<Entry<Item>, number>
  latestCreation: Timestamp | undefined

  /** First fetches of items without a value: in the user's pause, too (G5). */
  readonly firstFetches: DelayQueue<Entry<Item>>
  /** Refreshes by the clock, of items in normal batches. */
  readonly due: DelayQueue<Entry<Item>>
  /** Refreshes that somebody asked for: of items in normal batches, and of items of retry groups. */
  readonly asked: DelayQueue<Entry<Item>>
  /** Those of normal batches that were due by the clock when they were asked for: no outage holds them back (F6). */
  readonly askedDue: DelayQueue<Entry<Item>>
  readonly askedRetries: DelayQueue<Entry<Item>>
  /** Every group in it is a `RetryGroup`. */
  readonly retries: DelayQueue<Entry<Item>>
  /** Entries that are marked for deletion. */
  readonly removals: DelayQueue<Entry<Item>>
  /** Entries of subscriptions without a subscriber, and when they are removed: the next one first (P7). */
  readonly unobserved: Map<Entry<Item>, number>
  /** The new entries whose batch window is open: those in `firstFetches`, and those in `due`. */
  readonly batchWindows: [DueGroup<Entry<Item>> | undefined, DueGroup<Entry<Item>> | undefined]

  /**
   * Calls that occupy a slot, in the order of their starts and so of their deadlines. No `Set`, because tables that it has outgrown
   * keep what was in them until a full collection.
   */
  readonly calls: Call<Item>[]
  callCount: number
  /** Number of running calls of retry groups. */
  runningRetries: number
  runningAsked: number
  /** Pending refreshes whose call has not started, and has started. */
  readonly waitingRefreshes: Map<Entry<Item>, PendingRefresh[]>
  readonly runningRefreshes: Map<Entry<Item>, PendingRefresh[]>
  readonly breaker: CircuitBreaker<Item>
  readonly pause: Pause

  isRunning: boolean
  /** True after the first start (P10). */
  hasRun: boolean
  /** The application was told that the cache does not run. */
  isStillReported: boolean
  retainers: number
  /** A `retain` started the run, and the application has not called `start` since (L8). */
  isRetained: boolean
  /** Removes the listeners of the signals given to `start`. */
  readonly signals: Map<AbortSignal, () => void>

  /** Subscribers of ids without an entry; those of an entry are in the entry. */
  readonly absent: Map<ItemId, Observed>
  /** Entries with subscribers to tell. */
  pendingObserved: Observed[]
  subscriberCount: number
  activityCount: number
  readonly idListeners: Broadcast
  readonly statusListeners: Broadcast
  status: CacheStatus | undefined
  toldStatus: CacheStatus | undefined
  /** The time of the next attempt in an outage, on the cache's clock, and when that is, epoch ms. */
  retryTime: number
  retryAt: number
  readonly eventListeners: Set<{ readonly listener: (event: AutoRefreshEvent<Item>) => unknown }>
  readonly untoldEvents: AutoRefreshEvent<Item>[]
  isTelling: boolean
  /** Depth of nested transactions: events wait for the end of the outermost. */
  transactions: number
  /** Depth of questions to the application: they may only read (O3). */
  questions: number
  /** Entries that were unsubscribed or released within a question. */
  readonly deferred: (() => void)[]

  /** The one indirect call of the engine: it lets `wake.ts` run a tick without importing it. */
  readonly tick: (reached: number) => void
  isTickQueued: boolean
  timer: unknown
  /** When the timer fires; `Infinity` if there is none. */
  timerDue: number
  timerSetAt: number
  timerDelay: number
  isTimerIdle: boolean
  /** Calls do not time out before. */
  graceUntil: number
  /** The present slice of work (S12): when it began, and the items sent in it. */
  sliceStart: number
  sliceSize: number
}

export function createState<Item>(
  options: ResolvedOptions<Item>,
  tick: (state: State<Item>, reached: number) => void,
): State<Item> {
  const broadcast = (): Broadcast => ({ listeners: new Set(), isQueued: false })
  const state: State<Item> = {
    options,
    interval: options.interval,
    time: new CacheTime(options.clock),
    policies: [],
    counters: { hits: 0, misses: 0, syncCalls: 0, syncErrors: 0, refreshedItems: 0, evictions: 0 },
    entries: new Map(),
    inFlightIds: new Set<ItemId>(),
    holds: new Map(),
    latestCreation: undefined,
    firstFetches: new DelayQueue<Entry<Item>>(),
    due: new DelayQueue<Entry<Item>>(),
    asked: new DelayQueue<Entry<Item>>(),
    askedDue: new DelayQueue<Entry<Item>>(),
    askedRetries: new DelayQueue<Entry<Item>>(),
    retries: new DelayQueue<Entry<Item>>(),
    removals: new DelayQueue<Entry<Item>>(),
    unobserved: new Map(),
    batchWindows: [undefined, undefined],
    calls: [],
    callCount: 0,
    runningRetries: 0,
    runningAsked: 0,
    waitingRefreshes: new Map(),
    runningRefreshes: new Map(),
    breaker: newBreaker(),
    pause: {
      user: false,
      hidden: false,
      offline: false,
      period: Infinity,
      roundTime: Infinity,
      roundLimit: -Infinity,
      unsubscribe: undefined,
    },
    isRunning: false,
    hasRun: false,
    isStillReported: false,
    retainers: 0,
    isRetained: false,
    signals: new Map(),
    absent: new Map(),
    pendingObserved: [],
    subscriberCount: 0,
    activityCount: 0,
    idListeners: broadcast(),
    statusListeners: broadcast(),
    status: undefined,
    toldStatus: undefined,
    retryTime: Infinity,
    retryAt: 0,
    eventListeners: new Set<{ readonly listener: (event: AutoRefreshEvent<Item>) => unknown }>(),
    untoldEvents: [],
    isTelling: false,
    transactions: 0,
    questions: 0,
    deferred: [],
    tick: (reached) => tick(state, reached),
    isTickQueued: false,
    timer: undefined,
    timerDue: Infinity,
    timerSetAt: 0,
    timerDelay: 0,
    isTimerIdle: false,
    graceUntil: -Infinity,
    sliceStart: -Infinity,
    sliceSize: 0,
  }
  return state
}
