import type { ItemId } from './auto-refresh.ts'
import type { Outage } from './dispatch/outage.ts'
import type { SyncCall } from './dispatch/sync-call.ts'
import type { Entries, EntryRooms } from './entries.ts'
import { addFailure, isOvertaken, type Entry } from './entry.ts'
import type { Moment } from './environment/clock.ts'
import { AutoRefreshError, quote } from './errors.ts'
import { splitLimit } from './policy/next-delay.ts'
import type { Round } from './refresh-plan.ts'
import {
  areResponses,
  failureOf,
  idOf,
  matchResponses,
  readResponse,
  type Answer,
  type Failure,
  type RawResponse,
  type Reading,
} from './responses.ts'

/** How a sync call settled. */
export type CallResult<Item> =
  | { readonly responses: Iterable<RawResponse<Item>> }
  | { readonly error: unknown }

/** A call that failed, and with it each of its entries. */
interface CallFailure extends Failure {
  /** The most entries in a batch with one that failed before, too (F5). */
  readonly batchLimit: number
  /** It began the outage. */
  readonly isFirst: boolean
}

/** ms; by what probes are spaced where no item of the call has an interval. */
const UNKNOWN_INTERVAL = 1000

/** Writes what the source says to the entries, and has planned what is next for them (W6 to W11, F1 to F6). */
export interface Commit<Item> {
  /** A call settled that was not stopped meanwhile. */
  readonly settle: (call: SyncCall<Item>, result: CallResult<Item>) => void
  /** What was pushed is a sync result of this moment (W10). */
  readonly ingest: (responses: Iterable<RawResponse<Item>>) => void
}

export function createCommit<Item>(
  rooms: EntryRooms<Item>,
  entries: Entries<Item>,
  outage: Outage,
): Commit<Item> {
  const { options, moment, touch, plan, requests, events, counters } = rooms

  function newRound(): Round {
    return { moment: moment(), draw: options.random() }
  }

  function reportUnexpected(id: ItemId | undefined, response: unknown): void {
    events.tell({ type: 'unexpected-response', id, response })
  }

  function read(
    asked: readonly Entry<Item>[],
    responses: Iterable<RawResponse<Item>>,
  ): Answer<Item> | { readonly error: unknown } {
    try {
      if (areResponses(responses)) return matchResponses(responses, asked, reportUnexpected)
      throw new AutoRefreshError('INVALID_RESPONSE', `sync answered ${noResponses(responses)}`)
    } catch (error) {
      return { error }
    }
  }

  function callFailure({ entries: { length } }: SyncCall<Item>, error: unknown): CallFailure {
    counters.syncErrors += 1
    const batchLimit = outage.isOn ? Infinity : splitLimit(length)
    const isFirst = outage.failed(length)
    if (isFirst) events.tell({ type: 'outage-started' })
    return { ...failureOf(error, error, length === 1 || outage.isOn), batchLimit, isFirst }
  }

  /** Whether there is nothing to write to: it was removed meanwhile, or is now, being marked (W5). */
  function isOver(entry: Entry<Item>): boolean {
    if (entry.isDeleting) entries.remove(entry, 'delayed')
    return entry.status === 'missing'
  }

  /** What an id is whose response is not there (F4). */
  function leftOut(id: ItemId, interrupted: Answer<Item>['interrupted']): Reading<Item> {
    const { missing } = options
    if (interrupted !== undefined) return { action: 'fail', ...failureOf(interrupted.error) }
    if (missing !== 'fail') return { action: missing, validator: undefined }
    const message = `the answer has no response for ${quote(id)}`
    return { action: missing, ...failureOf(new AutoRefreshError('INVALID_RESPONSE', message)) }
  }

  function fail(entry: Entry<Item>, { error, isOwn }: Failure, batchLimit = Infinity): void {
    const streak = addFailure(entry, error, isOwn)
    if (streak.count > 1) streak.batchLimit = Math.min(streak.batchLimit, batchLimit)
    touch(entry, true)
  }

  /**
   * @param call what brought it; undefined: it was pushed
   * @returns how it failed, if it did
   */
  function apply(
    entry: Entry<Item>,
    reading: Reading<Item>,
    call: SyncCall<Item> | undefined,
    at: Moment,
  ): Failure | undefined {
    const { action } = reading
    if (action === 'fail') {
      fail(entry, reading)
      return reading
    }
    let isChanged: boolean | undefined = false
    if (!isOvertaken(entry, call)) {
      if (action === 'delete') {
        entries.remove(entry, 'gone')
        return undefined
      }
      const { validator } = reading
      if (action === 'update') isChanged = entries.accept(entry, reading.item, at, call)
      if (action === 'update' ? isChanged !== undefined : validator !== undefined) entry.validator = validator
    }
    const hadFailed = entry.failures !== undefined
    entry.failures = undefined
    entry.refreshedAt = at
    entry.unchangedCount = isChanged === true ? 0 : entry.unchangedCount + 1
    if (hadFailed) touch(entry, true)
    return undefined
  }

  function planNext(entry: Entry<Item>, failure: Failure | undefined, round: Round): void {
    let isOwn = failure?.isOwn === true
    if (entry.status === 'active' && !entry.isDeleting) {
      const failed = plan.evaluate(entry)
      if (failed !== undefined && failure === undefined) {
        isOwn = true
        fail(entry, failureOf(failed.error))
      }
    }
    plan.next(entry, isOwn, round, failure?.retryAfter ?? 0)
    if (requests.isWaiting(entry)) plan.ask(entry, round.moment)
    touch(entry)
  }

  /** The entry leaves its call. */
  function finish(entry: Entry<Item>, failure: Failure | undefined, round: Round): void {
    // A callback of the application may have removed it, or marked it, just now.
    if (isOver(entry)) return
    entry.call = undefined
    planNext(entry, failure, round)
    requests.settle(entry, failure)
    if (failure === undefined) counters.refreshedItems += 1
  }

  function succeed(call: SyncCall<Item>, { responses, interrupted }: Answer<Item>, round: Round): void {
    if (outage.succeeded()) events.tell({ type: 'outage-ended' })
    let index = -1
    for (const entry of call.entries) {
      index += 1
      if (isOver(entry)) continue
      const response = responses[index]
      const reading =
        response === undefined ? leftOut(entry.id, interrupted) : readResponse(response, entry.id)
      finish(entry, apply(entry, reading, call, round.moment), round)
    }
  }

  function failAll(call: SyncCall<Item>, failure: CallFailure, round: Round): void {
    let interval = Infinity
    for (const entry of call.entries) {
      fail(entry, failure, failure.batchLimit)
      finish(entry, failure, round)
      if (entry.interval > 0) interval = Math.min(interval, entry.interval)
    }
    if (!outage.isOn || !(failure.isFirst || call.isProbe)) return
    outage.planProbe(round.moment, interval === Infinity ? UNKNOWN_INTERVAL : interval, !failure.isFirst)
  }

  return {
    settle(call, result) {
      const round = newRound()
      const answer = 'error' in result ? result : read(call.entries, result.responses)
      if ('error' in answer) failAll(call, callFailure(call, answer.error), round)
      else succeed(call, answer, round)
      events.tell(() => ({
        type: 'sync-settled',
        ids: call.entries.map((entry) => entry.id),
        duration: round.moment.now - call.startedAt,
        ...('error' in answer && answer),
      }))
    },
    ingest(responses) {
      if (!areResponses(responses)) {
        throw new TypeError(`ingest was given ${noResponses(responses)}`)
      }
      // Of two responses for one id the last counts.
      const pushed = new Map<Entry<Item>, RawResponse<Item>>()
      try {
        for (const response of responses) {
          const id = idOf(response)
          const entry = id === undefined ? undefined : entries.all.get(id)
          if (entry === undefined) reportUnexpected(id, response)
          else pushed.set(entry, response)
        }
      } finally {
        const round = newRound()
        for (const [entry, response] of pushed) {
          const failure = apply(entry, readResponse(response, entry.id), undefined, round.moment)
          plan.withdraw(entry)
          planNext(entry, failure, round)
        }
      }
    },
  }
}

function noResponses(value: unknown): string {
  return `${Object.prototype.toString.call(value)}, which is not an iterable of responses`
}
