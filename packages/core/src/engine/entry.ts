import type { CallKind, ItemId, ItemSnapshot, ItemStatus } from '../auto-refresh.ts'
import type { Timestamp } from '../environment/clock.ts'
import type { PolicyItem } from './policy.ts'
import { DueGroup, type GroupMember, type RetryGroup } from './queue/due-group.ts'

/** One subscription: a link in the ring of its id's. */
export class Subscription {
  readonly listener: () => unknown
  /** True if it is told of activity, too. */
  readonly activity: boolean
  /** True if it creates its id when that is absent (P7). */
  readonly create: boolean
  observed: Observed
  /** Pending: told at the end of this turn. Ended: never told again. */
  status: 'idle' | 'pending' | 'ended' = 'idle'
  /** The cache was cleared under it: its id becomes pending at the next start (G2). */
  isCleared = false
  next: Subscription | undefined
  /** The one before it; of the first, the last one. */
  previous: Subscription = this

  constructor(listener: () => unknown, activity: boolean, create: boolean, observed: Observed) {
    this.listener = listener
    this.activity = activity
    this.create = create
    this.observed = observed
  }
}

/** Something to subscribe to: an entry, or an absent id. */
export interface Observed {
  readonly id: ItemId
  /** The first subscription. */
  subscribers: Subscription | undefined
}

/** The failures of an entry since its last success. */
export interface FailureStreak<Item> {
  count: number
  /** Number of failures in a call of its own, outside an outage (F9). */
  aloneFailures: number
  error: unknown
  /** Time before which the entry is not retried. */
  retryTime: number
  /** The group that it is retried with, after a failed call; undefined after an item failure. */
  retryGroup: RetryGroup<Entry<Item>> | undefined
}

/** An entry that has failed since its last success. */
export type FailedEntry<Item> = Entry<Item> & { failures: FailureStreak<Item> }

/** Keeps an entry unscheduled that is in no call: its id is in a call of an earlier generation, or a policy divides it. */
export const BLOCKED: { readonly isBlocked: true } = { isBlocked: true }

/**
 * One generation of an item: from its creation to its removal. Times are on the cache's clock.
 *
 * `place` says where it is: scheduled, in a call, blocked, or nowhere. Only `schedule.ts` and `call.ts` change it.
 * Invariant: an entry is in the queue `due` or `retries` only if it is refreshable (S9).
 */
export class Entry<Item> implements GroupMember<Entry<Item>>, Observed, PolicyItem {
  readonly id: ItemId
  item: Item | undefined
  validator: unknown
  /** `missing` after the removal: whoever still holds the entry can tell. */
  status: ItemStatus
  isDeleting = false
  /** True if the application added it; false if it belongs to its subscribers (P7). */
  isOwned: boolean
  /** Its value would end it, but was written during a hold: a success ends it (W13). */
  endsBySuccess = false

  place: DueGroup<Entry<Item>> | Call<Item> | typeof BLOCKED | undefined
  previous: Entry<Item> | undefined
  next: Entry<Item> | undefined
  /** ms; the last result of the option, 0 before there is one. */
  interval = 0

  failures: FailureStreak<Item> | undefined
  unchangedCount = 0
  readonly createdAt: Timestamp
  changedAt: Timestamp | undefined
  refreshedAt: Timestamp | undefined
  subscribers: Subscription | undefined
  /** Kept until something in it changes. */
  snapshot: ItemSnapshot<Item> | undefined

  constructor(id: ItemId, item: Item | undefined, isOwned: boolean, createdAt: Timestamp) {
    this.id = id
    this.item = item
    this.status = item === undefined ? 'pending' : 'active'
    this.isOwned = isOwned
    this.createdAt = createdAt
    this.changedAt = item === undefined ? undefined : createdAt
  }

  get isObserved(): boolean {
    return this.subscribers !== undefined
  }

  get isRefreshing(): boolean {
    return this.place instanceof Call && !this.place.isAborted
  }

  get createdTime(): number {
    return this.createdAt.now
  }
}

/** One run of the sync function, from its start until it settles or loses its slot. */
export class Call<Item> {
  /** Numbers the calls of a cache from 1. */
  readonly number: number
  readonly kind: CallKind
  readonly entries: readonly Entry<Item>[]
  /** The retry group of its entries; undefined if their last calls had not failed. */
  readonly source: RetryGroup<Entry<Item>> | undefined
  readonly startedAt: number
  /** Time at which it loses its slot. */
  readonly deadline: number
  /** The cache was stopped: whatever the call brings is ignored. */
  isAborted = false
  /** Entries that got a newer value after the call started (W6). */
  superseded: Set<Entry<Item>> | undefined
  /** Terminal entries that the call may reopen (W7). */
  reopens: Set<Entry<Item>> | undefined
  /** Called when the call is over. */
  readonly whenOver: (() => void)[] = []
  #controller: AbortController | undefined
  #abort: { readonly reason: unknown } | undefined

  constructor(
    number: number,
    kind: CallKind,
    entries: readonly Entry<Item>[],
    source: RetryGroup<Entry<Item>> | undefined,
    startedAt: number,
    timeout: number,
  ) {
    this.number = number
    this.kind = kind
    this.entries = entries
    this.source = source
    this.startedAt = startedAt
    this.deadline = startedAt + timeout
  }

  /** Made when it is first read, because few sync functions read it. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#abort !== undefined) this.#controller.abort(this.#abort.reason)
    }
    return this.#controller.signal
  }

  /** Aborts the signal. */
  abort(reason: unknown): void {
    this.#abort = { reason }
    this.#controller?.abort(reason)
  }
}

export function hasFailed<Item>(entry: Entry<Item>): entry is FailedEntry<Item> {
  return entry.failures !== undefined
}

/** When the entry is to be refreshed; `Infinity` if no refresh is scheduled. A marked entry waits for its removal. */
export function dueOf<Item>({ place, isDeleting }: Entry<Item>): number {
  return place instanceof DueGroup && !isDeleting ? place.due : Infinity
}

/** True if the entry is refreshed by the clock (S9). */
export function isRefreshable<Item>(entry: Entry<Item>): boolean {
  const { status, isDeleting, isOwned, subscribers } = entry
  return (
    (status === 'active' || status === 'pending') && !isDeleting && (isOwned || subscribers !== undefined)
  )
}
