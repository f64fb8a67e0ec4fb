import { type Item } from '../script.ts'
import { type ErrorExpectation, type ModelEntry } from './entry.ts'

/** What a sync call was given for one id. */
export interface Sent {
  entry: ModelEntry
  revision: number
  isVague: boolean
  isApplied: boolean
}

/** What a response says of one id, read by the rules F4 and W6. */
export type Verdict =
  | { readonly says: 'update'; readonly item: Item; readonly validator: unknown }
  | { readonly says: 'unchanged'; readonly validator: unknown }
  | { readonly says: 'delete' }
  | { readonly says: 'fail'; readonly error: ErrorExpectation; readonly retryAfter: unknown }

export type Outcome =
  | {
      readonly hasFailed: false
      readonly verdicts: ReadonlyMap<string, Verdict>
      readonly unexpected: number
    }
  | { readonly hasFailed: true; readonly error: ErrorExpectation; readonly retryAfter: unknown }

/** One sync call as the model follows it. */
export class ModelCall {
  readonly number: number
  readonly startedAt: number
  readonly sent: ReadonlyMap<string, Sent>
  readonly isProbe: boolean
  /** Of the items sent; F6. */
  readonly smallestInterval: number
  /**
   * `running`, until its outcome is known; `settling`, until the cache has taken it in; `aborted`, by a stop, and still
   * at work; `done`.
   */
  state: 'running' | 'settling' | 'aborted' | 'done' = 'running'
  outcome: Outcome | undefined
  /** Whether the backend has answered, be it too late. */
  hasAnswered = false
  /** The cache has told that it has taken the outcome in. */
  isTold = false
  isTimedOut = false
  /** The outcome counts: its slot is free, and the outage knows of it. */
  isOpened = false
  /** Whether it failed in an outage, or began one. */
  isInOutage = false
  /** Whether its failure halves the batches of its items (F5). */
  doesSplit = false

  constructor(
    number: number,
    startedAt: number,
    sent: ReadonlyMap<string, Sent>,
    isProbe: boolean,
    smallestInterval: number,
  ) {
    this.number = number
    this.startedAt = startedAt
    this.sent = sent
    this.isProbe = isProbe
    this.smallestInterval = smallestInterval
  }

  get isActive(): boolean {
    return this.state === 'running' || this.state === 'settling'
  }
}
