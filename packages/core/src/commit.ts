import type { ItemId, SyncResponse } from './auto-refresh.ts'
import type { Outage } from './dispatch/outage.ts'
import type { SyncCall } from './dispatch/sync-call.ts'
import type { Entries, EntryRooms } from './entries.ts'
import { addFailure, type Entry } from './entry.ts'
import type { Moment } from './environment/clock.ts'
import { quote } from './errors.ts'
import { splitLimit } from './policy/next-delay.ts'
import type { Outcome, Round } from './refresh-plan.ts'
import {
  areResponses,
  idOf,
  invalidResponse,
  matchResponses,
  readResponse,
  retryAfterOf,
  type Matched,
  type Reading,
} from './responses.ts'

/** How a sync call settled. */
export type CallResult<Item> =
  | { readonly responses: Iterable<SyncResponse<Item>> }
  | { readonly error: unknown }

/** How the sync of one entry ended. */
interface Ending {
  readonly outcome: Outcome
  readonly error: unknown
  /** ms; 0 for none. */
  readonly retryAfter: number
}

/** ms; by what probes are spaced where no item of the call has an interval. */
const UNKNOWN_INTERVAL = 1000

const SUCCESS: Ending = { outcome: 'success', error: undefined, retryAfter: 0 }

/** A call that failed, and with it each of its entries. */
interface CallFailure extends Ending {
  /** The most entries in a batch with one that failed before, too (F5). */
  readonly batchLimit: number
  /** It began the outage. */
  readonly isFirst: boolean
}

/** Writes what the source says to the entries, and has planned what is next for them (W6 to W11, F1 to F6). */
export class Commit<Item> {
  readonly #rooms: EntryRooms<Item>
  readonly #entries: Entries<Item>
  readonly #outage: Outage

  constructor(rooms: EntryRooms<Item>, entries: Entries<Item>, outage: Outage) {
    this.#rooms = rooms
    this.#entries = entries
    this.#outage = outage
  }

  /** A call settled that was not stopped meanwhile. */
  settle(call: SyncCall<Item>, result: CallResult<Item>): void {
    const round = this.#newRound()
    const answer = 'error' in result ? result : this.#read(call.entries, result.responses)
    if ('error' in answer) this.#fail(call, answer.error, round)
    else this.#succeed(call, answer, round)
  }

  /** What was pushed is a sync result of this moment (W10). */
  ingest(responses: Iterable<SyncResponse<Item>>): void {
    if (!areResponses(responses)) {
      throw new TypeError(`ingest takes an iterable of responses, but got ${String(responses)}`)
    }
    // Of two entries for one id the last counts.
    const readings = new Map<Entry<Item>, Reading<Item>>()
    try {
      for (const response of responses) {
        const id = idOf(response)
        const entry = id === undefined ? undefined : this.#entries.get(id)
        if (entry === undefined) this.#reportUnexpected(id, response)
        else readings.set(entry, readResponse(response, entry.id))
      }
    } finally {
      const round = this.#newRound()
      for (const [entry, reading] of readings) this.#ingestOne(entry, reading, round)
    }
  }

  #ingestOne(entry: Entry<Item>, reading: Reading<Item>, round: Round<Item>): void {
    if (entry.status === 'missing') return
    if (reading.action === 'delete') {
      this.#entries.remove(entry, 'gone')
      return
    }
    const ending = this.#apply(entry, reading, false, round.moment)
    if (reading.action === 'update') this.#entries.overtake(entry)
    this.#rooms.plan.withdraw(entry)
    this.#planNext(entry, ending, round)
  }

  #newRound(): Round<Item> {
    return { moment: this.#entries.moment(), draw: this.#rooms.options.random(), cohort: undefined }
  }

  #read(
    entries: readonly Entry<Item>[],
    responses: Iterable<SyncResponse<Item>>,
  ): Matched<Item> | { readonly error: unknown } {
    try {
      if (!areResponses(responses)) {
        return { error: invalidResponse(`sync answered ${describe(responses)}, which is not an iterable`) }
      }
    } catch (error) {
      return { error }
    }
    return matchResponses(responses, entries, (id, response) => this.#reportUnexpected(id, response))
  }

  #succeed(call: SyncCall<Item>, { readings, interrupted }: Matched<Item>, round: Round<Item>): void {
    const { events, counters } = this.#rooms
    if (this.#outage.succeeded()) events.tell({ type: 'outage-ended' })
    let index = -1
    for (const entry of call.entries) {
      index += 1
      if (this.#isOver(entry)) continue
      const reading = readings[index] ?? this.#leftOut(entry.id, interrupted)
      if (reading.action === 'delete' && !entry.isOvertaken) {
        this.#entries.remove(entry, 'gone')
        continue
      }
      const ending = this.#apply(entry, reading, entry.isOvertaken, round.moment)
      if (ending.outcome === 'success') counters.refreshedItems += 1
      this.#finish(entry, ending, round)
    }
    this.#tellSettled(call, round.moment)
  }

  #fail(call: SyncCall<Item>, error: unknown, round: Round<Item>): void {
    const failure = this.#callFailure(call, error)
    let interval = Infinity
    for (const entry of call.entries) {
      if (!this.#isOver(entry)) {
        this.#addFailure(entry, failure, failure.batchLimit)
        this.#finish(entry, failure, round)
      }
      if (entry.interval > 0) interval = Math.min(interval, entry.interval)
    }
    if (this.#outage.isOn && (failure.isFirst || call.isProbe)) {
      const known = interval === Infinity ? UNKNOWN_INTERVAL : interval
      this.#outage.planProbe(round.moment, known, !failure.isFirst)
    }
    this.#tellSettled(call, round.moment, failure)
  }

  #callFailure(call: SyncCall<Item>, error: unknown): CallFailure {
    const { counters, events } = this.#rooms
    const size = call.entries.length
    counters.syncErrors += 1
    const batchLimit = this.#outage.isOn ? Infinity : splitLimit(size)
    const isFirst = this.#outage.failed(size)
    if (isFirst) events.tell({ type: 'outage-started' })
    const outcome = size === 1 || this.#outage.isOn ? 'own-failure' : 'shared-failure'
    return { error, outcome, retryAfter: retryAfterOf(error), batchLimit, isFirst }
  }

  /** Whether there is nothing to write to: it was removed meanwhile, or is now, being marked (W5). */
  #isOver(entry: Entry<Item>): boolean {
    if (entry.status !== 'missing' && entry.isDeleting) this.#entries.remove(entry, 'delayed')
    return entry.status === 'missing'
  }

  /** What an id is whose response is not there (F4). */
  #leftOut(id: ItemId, interrupted: Matched<Item>['interrupted']): Reading<Item> {
    if (interrupted !== undefined) {
      const { error } = interrupted
      return { action: 'fail', error, retryAfter: retryAfterOf(error) }
    }
    const { missing } = this.#rooms.options
    if (missing === 'unchanged') return { action: 'unchanged', validator: undefined }
    if (missing === 'delete') return { action: 'delete' }
    const error = invalidResponse(`the answer has no response for ${quote(id)}`)
    return { action: 'fail', error, retryAfter: 0 }
  }

  /** @param isOvertaken a local write came meanwhile: what was brought is not written (W6) */
  #apply(entry: Entry<Item>, reading: Reading<Item>, isOvertaken: boolean, moment: Moment): Ending {
    if (reading.action === 'fail') {
      const ending: Ending = { outcome: 'own-failure', error: reading.error, retryAfter: reading.retryAfter }
      this.#addFailure(entry, ending, Infinity)
      return ending
    }
    let changed: boolean | undefined = false
    if (reading.action === 'update' && !isOvertaken) {
      changed = this.#entries.accept(entry, reading.item, moment)
      if (changed !== undefined) entry.validator = reading.validator
    } else if (reading.action === 'unchanged' && !isOvertaken && reading.validator !== undefined) {
      entry.validator = reading.validator
    }
    const hadFailed = entry.failures !== undefined
    entry.failures = undefined
    entry.refreshedAt = moment
    entry.unchangedCount = changed === true ? 0 : entry.unchangedCount + 1
    this.#entries.touch(entry, hadFailed)
    return SUCCESS
  }

  #addFailure(entry: Entry<Item>, { outcome, error }: Ending, batchLimit: number): void {
    const streak = addFailure(entry, error, outcome === 'own-failure')
    if (streak.count > 1) streak.batchLimit = Math.min(streak.batchLimit, batchLimit)
    this.#entries.touch(entry, true)
  }

  /** The entry leaves its call. */
  #finish(entry: Entry<Item>, ending: Ending, round: Round<Item>): void {
    // A callback of the application may have removed it, or marked it, just now.
    if (this.#isOver(entry)) return
    entry.call = undefined
    this.#planNext(entry, ending, round)
    const { requests } = this.#rooms
    if (ending.outcome === 'success') requests.resolve(entry)
    else requests.reject(entry, ending.error)
  }

  #planNext(entry: Entry<Item>, ending: Ending, round: Round<Item>): void {
    const { plan, requests } = this.#rooms
    let { outcome } = ending
    if (entry.status === 'active' && !entry.isDeleting) {
      const failed = plan.evaluate(entry)
      if (failed !== undefined && outcome === 'success') {
        outcome = 'own-failure'
        this.#addFailure(entry, { outcome, error: failed.error, retryAfter: 0 }, Infinity)
      }
    }
    plan.next(entry, outcome, round, ending.retryAfter)
    if (requests.isWaiting(entry)) plan.ask(entry, round.moment)
    this.#entries.touch(entry, false)
  }

  #reportUnexpected(id: ItemId | undefined, response: unknown): void {
    this.#rooms.events.tell({ type: 'unexpected-response', id, response })
  }

  #tellSettled(call: SyncCall<Item>, moment: Moment, failure?: CallFailure): void {
    this.#rooms.events.tell(() => {
      const ids = call.entries.map((entry) => entry.id)
      const settled = { type: 'sync-settled', ids, duration: moment.now - call.startedAt.now } as const
      return failure === undefined ? settled : { ...settled, error: failure.error }
    })
  }
}

function describe(value: unknown): string {
  return typeof value === 'object' ? Object.prototype.toString.call(value) : typeof value
}
