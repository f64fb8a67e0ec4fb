import type { Item } from '../script.ts'
import type { ExpectedError } from './call.ts'

/** The application's knowledge of an item that it created or watches. */
export interface Entry {
  readonly id: string
  readonly generation: number
  /** Raised by everything that an older call must not undo (W6). */
  revision: number
  item: Item | undefined
  status: 'pending' | 'active' | 'terminal' | 'expired'
  /** `undefined`: none. */
  validator: unknown
  isValidatorVague: boolean
  failureCount: number
  error: ExpectedError | undefined
  /** The interval function gave no number: how many failures that makes depends on the answer (S16). */
  isFailureVague: boolean
  isMarked: boolean
  isOwned: boolean
  holds: number
  /** Its value was written during a hold: only a success makes it terminal (W13). */
  isExpected: boolean
  /** Order of the last release of a hold: older calls bring nothing (W13). */
  releasedAt: number
  /** The turn in which `mutate` last released one. */
  releasedIn: number
  readonly createdAt: number
  readonly createdWall: number
  /** It was created without a value. */
  readonly wasPending: boolean
  endedAt: number
  unobservedAt: number
  /** A refresh was asked for while it was terminal (W7). */
  reopens: boolean
  /** A refresh was asked for while it was not polled, because nobody observed it. */
  wasIdle: boolean
  /** Time of its last settled call or push; its creation before the first. */
  settledAt: number
  /** Time of its last settled call. */
  calledAt: number
  /** When that started. */
  calledFrom: number
  /** Time of its last successful call. */
  refreshedAt: number | undefined
  /** Time of its last success or new value: the latest and the earliest that it may be for the cache (E2). */
  newestAt: number
  newestWall: number
  /** It was adopted (E2), and is not scheduled since. */
  isAdopted: boolean
  /** Its `next` stands for its interval still. */
  hasAdoptedInterval: boolean
  /** One of its last failed call has an adopted interval, which may be the shortest. */
  isRetriedByAdopted: boolean
  /** Its last call was asked for, which puts off no probe (F21). */
  wasAsked: boolean
  isUnscheduled: boolean
  /** False until a call of it has settled, or something was pushed. */
  isSettled: boolean
  /** Failed calls since it was last in a successful one, and item failures in a row. */
  failedCalls: number
  itemFailures: number
  /** Not called by the clock before. */
  retryAt: number
}

/** A new entry; `now` is the true time, `wall` the time that has passed at most. */
export function newEntry(
  id: string,
  generation: number,
  isPending: boolean,
  isOwned: boolean,
  now: number,
  wall: number,
): Entry {
  return {
    id,
    generation,
    revision: 0,
    item: undefined,
    status: 'pending',
    validator: undefined,
    isValidatorVague: false,
    failureCount: 0,
    error: undefined,
    isFailureVague: false,
    isMarked: false,
    isOwned,
    holds: 0,
    isExpected: false,
    releasedAt: -1,
    releasedIn: -1,
    createdAt: now,
    createdWall: wall,
    wasPending: isPending,
    endedAt: wall,
    unobservedAt: wall,
    reopens: false,
    wasIdle: false,
    settledAt: wall,
    calledAt: wall,
    calledFrom: wall,
    refreshedAt: undefined,
    newestAt: -Infinity,
    newestWall: -Infinity,
    isAdopted: false,
    hasAdoptedInterval: false,
    isRetriedByAdopted: false,
    wasAsked: false,
    isUnscheduled: false,
    isSettled: false,
    failedCalls: 0,
    itemFailures: 0,
    retryAt: -Infinity,
  }
}
