import { type Item } from '../script.ts'

/** A due time that the contract leaves some room for: not before `lo`, not after `hi`. */
export interface Window {
  readonly lo: number
  readonly hi: number
}

export const NEVER: Window = { lo: Infinity, hi: Infinity }

/** What an error of a snapshot has to be. */
export type ErrorExpectation =
  | { readonly kind: 'none' | 'any' }
  | { readonly kind: 'same'; readonly error: unknown }
  | { readonly kind: 'code'; readonly code: string }

export const NO_ERROR: ErrorExpectation = { kind: 'none' }

/** One incarnation of an item, as the contract says that it is. */
export class ModelEntry {
  readonly id: string
  item: Item
  status: 'active' | 'terminal' | 'expired' = 'active'
  revision = 0
  /** A push may or may not have raised the revision; a call that runs may be applied or not. */
  isRevisionVague = false
  validator: unknown = undefined
  isValidatorVague = false

  error: ErrorExpectation = NO_ERROR
  failureCount = 0
  /** A bad interval after a failure may count twice. */
  failureSlack = 0
  unchangedCount = 0
  createdAt: number
  changedAt: number
  refreshedAt: number | undefined

  readonly createdMono: number
  endedMono: number | undefined
  settledMono: number | undefined
  refreshedMono: number | undefined
  unobservedSince: number | undefined
  /** If who came and went within a turn was never there. */
  unobservedMaybeSince: number | undefined

  /** Whether its interval was ever evaluated, be the result good or bad. */
  isEvaluated = false
  /** The last good one; undefined before the first evaluation. */
  interval: number | undefined
  due: Window = NEVER
  plannedAt = 0
  /** As it was planned, whatever a sleep or a request has made of it since. */
  plannedHi = 0
  /** How far the wall clock was ahead of the monotonic one then. */
  plannedWall = 0
  /** When it was due at the latest before somebody asked for it: if a stop ends that, this holds again. */
  unaskedHi: number | undefined
  /** A stop took it out of a call or a queue: when it is due again is told by the next plan. */
  isPlaceVague = false
  /** Whether it may come along before it is due (S5). */
  mayBeEarly = false
  /** F2: how many failures in a row said something about the item itself. */
  ownFailures = 0
  /** F5: how many of its calls failed in a row, and what batches it may be in. */
  callFailures = 0
  limit = Infinity
  /** The interval as it was at the last failure. */
  failedInterval = Infinity
  /** F2 and `retryAfter`: not before this, whatever a local write does. */
  notBefore = 0
  /** Taken over from the cache: what was planned before is not known. */
  isAdopted = false
  /** W5: when a marked item goes. */
  removal: Window | undefined

  constructor(id: string, item: Item, now: number, epoch: number) {
    this.id = id
    this.item = item
    this.createdMono = now
    this.createdAt = epoch
    this.changedAt = epoch
  }

  get isDeleting(): boolean {
    return this.removal !== undefined
  }
}
