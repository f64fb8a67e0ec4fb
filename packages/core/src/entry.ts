import type { BatchEntry, ItemId, ItemSnapshot, ItemStatus } from './auto-refresh.ts'
import type { Moment } from './environment/clock.ts'
import type { Observed, Subscription } from './observe/listeners.ts'
import type { Cohort, CohortMember } from './schedule/cohort.ts'

/** What an entry knows of the sync call that it is in. */
export interface RunningCall {
  /** Whatever it brings is not for this entry: the cache was stopped meanwhile. */
  readonly isAborted: boolean
  /** The entries for which a newer value came after it had started (W6). */
  overtaken?: Set<unknown> | undefined
}

/** The failures of an entry since its last success. */
export interface FailureStreak {
  count: number
  /** How many of them said something about the item itself (F2). */
  ownCount: number
  error: unknown
  /** The most items in a batch with this one (F5). */
  batchLimit: number
  /** Monotonic ms before which it is not tried again. */
  retryAt: number
}

/**
 * One incarnation of an item: from its creation to its removal. What it is (`status`) and what is being done about it
 * (`cohort`: planned; `call`: running; neither: nothing) are two axes.
 *
 * Invariants: it is planned only while `status` is active or it is asked for or marked; never planned and in a call.
 */
export class Entry<Item> implements CohortMember<Entry<Item>>, Observed {
  readonly id: ItemId
  item: Item
  validator: unknown = undefined
  /** `missing` once it was removed: whoever still holds it sees that it is over. */
  status: ItemStatus = 'active'
  isDeleting = false

  /** The call that it is in, or what else occupies it. */
  call: RunningCall | undefined = undefined

  /** Where it is planned. */
  cohort: Cohort<Entry<Item>> | undefined = undefined
  previous: Entry<Item> | undefined = undefined
  next: Entry<Item> | undefined = undefined
  /** ms; the last result of the option, 0 before there is one. */
  interval = 0

  failures: FailureStreak | undefined = undefined
  unchangedCount = 0
  readonly createdAt: Moment
  changedAt: Moment
  refreshedAt: Moment | undefined = undefined

  subscribers: Subscription | undefined = undefined
  /** Kept until something in it changes. */
  snapshot: ItemSnapshot<Item> | undefined = undefined

  constructor(id: ItemId, item: Item, createdAt: Moment) {
    this.id = id
    this.item = item
    this.createdAt = createdAt
    this.changedAt = createdAt
  }
}

/** The entry as a sync function sees it. */
export function toBatchEntry<Item>({ id, item, validator }: Entry<Item>): BatchEntry<Item> {
  return validator === undefined ? { id, item } : { id, item, validator }
}

/** Counts a failure of the entry (F1). */
export function addFailure<Item>(entry: Entry<Item>, error: unknown, isOwn: boolean): FailureStreak {
  const streak = (entry.failures ??= {
    count: 0,
    ownCount: 0,
    error,
    batchLimit: Infinity,
    retryAt: -Infinity,
  })
  streak.count += 1
  if (isOwn) streak.ownCount += 1
  streak.error = error
  return streak
}

/** A value came for the entry that is newer than what the call will bring that it is in (W6). */
export function overtake<Item>(entry: Entry<Item>): void {
  const { call } = entry
  if (call?.isAborted === false) call.overtaken = (call.overtaken ?? new Set()).add(entry)
}

/** Whether what the call brings is out of date for the entry (W6). */
export function isOvertaken<Item>(entry: Entry<Item>, call: RunningCall | undefined): boolean {
  return call?.overtaken?.has(entry) === true
}
