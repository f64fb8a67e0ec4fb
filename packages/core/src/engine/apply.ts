import type { ItemId } from '../auto-refresh.ts'
import type { Timestamp } from '../environment/clock.ts'
import { AutoRefreshError, quote } from '../errors.ts'
import { callFailed, callSucceeded, limitsAsked, tellOutage } from './circuit-breaker.ts'
import { acceptItem, endBySuccess, isSuperseded, removeEntry } from './entries.ts'
import { ask, emit } from './events.ts'
import { rejectAskedBefore, settlePendingRefreshes } from './pending-refreshes.ts'
import {
  failureOf,
  invalid,
  lookAlike,
  matchResponses,
  parseResponse,
  type Answer,
  type Failure,
  type ParsedResponse,
} from './responses.ts'
import { planRetries } from './retries.ts'
import { addFailure, evaluateInterval } from './interval.ts'
import { reschedule, scheduleNext, withdrawAsked, type Settlement } from './schedule.ts'
import { dropSnapshot } from './snapshot.ts'
import { type Call, type Entry, hasFailed } from './entry.ts'
import type { State } from './state.ts'

/** How the sync function settled. */
export type CallResult = { readonly answer: unknown } | { readonly error: unknown }

/** Writes the result of a call to its entries, and schedules them (W6 to W11, F1 to F18). */
export function settleCall<Item>(state: State<Item>, call: Call<Item>, result: CallResult): void {
  const settlement = newSettlement(state)
  const answer = 'error' in result ? failureOf(result.error) : match<Item>(call, result.answer)
  if ('error' in answer) failCall(state, call, answer, settlement)
  else succeed(state, call, answer, settlement)
  emit(state, () => ({
    type: 'sync-settled',
    call: call.number,
    kind: call.kind,
    ids: call.entries.map((entry) => entry.id),
    duration: settlement.at.now - call.startedAt,
    ...('error' in answer && { error: answer.error }),
  }))
}

/** The moment of a settlement, and its random number. */
export function newSettlement<Item>(state: State<Item>): Settlement {
  return { at: state.time.read(), draw: ask(state, state.options.random, 0) }
}

function match<Item>(call: Call<Item>, given: unknown): Answer<Item> | Failure {
  try {
    return matchResponses<Item>(given, call.entries)
  } catch (error) {
    return failureOf(error)
  }
}

function succeed<Item>(
  state: State<Item>,
  call: Call<Item>,
  answer: Answer<Item>,
  settlement: Settlement,
): void {
  callSucceeded(state, call, settlement.at)
  for (const { id, response } of answer.unexpected) reportUnexpected(state, id, response)
  let index = -1
  for (const entry of call.entries) {
    index += 1
    if (isOver(state, entry)) continue
    const response = answer.responses[index]
    const parsed =
      response === undefined ? missingId(state, entry, answer) : parseResponse(response, entry.id)
    settleEntry(state, entry, applyResponse(state, entry, parsed, call, settlement.at), settlement)
  }
}

/** Returns the meaning of an id that the answer left out (F4, F17, P5). */
function missingId<Item>(state: State<Item>, entry: Entry<Item>, answer: Answer<Item>): ParsedResponse<Item> {
  const { missing } = state.options
  const { id } = entry
  if (answer.unexpected.length > 0) {
    const similar = lookAlike(id, answer.unexpected, (other) => state.entries.has(other))
    if (similar !== undefined) {
      return invalid(
        `the answer has no ${quote(id)}, but it has ${quote(similar)}: return the ids that were asked for`,
      )
    }
  }
  if (missing === 'delete') return { action: 'delete' }
  if (entry.item === undefined) {
    const how = 'return { id, action: "delete" } if it does not exist, or set missing: "delete"'
    const error = new AutoRefreshError('NOT_FOUND', `the answer has no ${quote(id)}; ${how}`)
    return { action: 'fail', error, retryAfter: 0 }
  }
  if (missing === 'fail') return invalid(`the answer has no response for ${quote(id)}`)
  return { action: 'unchanged', validator: undefined }
}

/**
 * Writes a response to an entry.
 *
 * @param call the call that brought it; undefined: it was pushed
 * @returns how the entry failed, if it did
 */
export function applyResponse<Item>(
  state: State<Item>,
  entry: Entry<Item>,
  response: ParsedResponse<Item>,
  call: Call<Item> | undefined,
  at: Timestamp,
): Failure | undefined {
  const isPushed = call === undefined
  if (response.action === 'fail') return failEntry(state, entry, response, isPushed)
  const isIgnored = isSuperseded(state, entry, call)
  if (response.action === 'delete') {
    if (!isIgnored) {
      removeEntry(state, entry, 'gone')
      return undefined
    }
  } else if (!isIgnored && response.action === 'unchanged') {
    if (entry.item === undefined) {
      const noValue = invalid(`${quote(entry.id)} has no value yet, so it cannot be unchanged`)
      return failEntry(state, entry, noValue, isPushed)
    }
    if (response.validator !== undefined) entry.validator = response.validator
    endBySuccess(state, entry)
  }
  let isChanged: boolean | undefined
  if (!isIgnored && response.action === 'update') {
    isChanged = acceptItem(state, entry, response.item, at, call)
    if (isChanged !== undefined) entry.validator = response.validator
  }
  succeedEntry(state, entry, at, isChanged === true, isPushed)
  return undefined
}

function succeedEntry<Item>(
  state: State<Item>,
  entry: Entry<Item>,
  at: Timestamp,
  isChanged: boolean,
  isPushed: boolean,
): void {
  const { failures } = entry
  entry.refreshedAt = at
  entry.unchangedCount = isChanged ? 0 : entry.unchangedCount + 1
  if (failures === undefined) return
  const wasFailed = failures.count > 0
  // A push says nothing about calls: the entry stays in its retry group (F19).
  if (isPushed && failures.retryGroup !== undefined) {
    failures.count = 0
    failures.error = undefined
  } else {
    entry.failures = undefined
  }
  if (wasFailed) dropSnapshot(state, entry, true)
}

/** The entry itself failed, and not its call: that returns it to the normal batches (F2). A push does not (F19). */
function failEntry<Item>(
  state: State<Item>,
  entry: Entry<Item>,
  failure: Failure,
  isPushed: boolean,
): Failure {
  const failures = addFailure(entry, failure.error)
  if (!isPushed) {
    failures.retryGroup = undefined
    failures.aloneFailures = 0
  }
  dropSnapshot(state, entry, true)
  return failure
}

/** The entry leaves its call. */
function settleEntry<Item>(
  state: State<Item>,
  entry: Entry<Item>,
  failure: Failure | undefined,
  settlement: Settlement,
): void {
  if (isOver(state, entry)) return
  entry.place = undefined
  planNext(state, entry, failure, settlement)
  settlePendingRefreshes(state, entry, failure)
  if (failure === undefined) state.counters.refreshedItems += 1
}

/** Asks for the interval, and schedules the entry. */
export function planNext<Item>(
  state: State<Item>,
  entry: Entry<Item>,
  failure: Failure | undefined,
  settlement: Settlement,
): void {
  let isFailed = failure !== undefined
  if (hasInterval(entry)) {
    const failed = evaluateInterval(state, entry)
    if (failed !== undefined && !isFailed) {
      isFailed = true
      addFailure(entry, failureOf(failed.error).error)
      dropSnapshot(state, entry, true)
    }
  }
  scheduleNext(state, entry, settlement, isFailed, failure?.retryAfter ?? 0)
  dropSnapshot(state, entry)
}

/** True if the interval is asked for: also if nobody observes the entry now, because somebody may again (S2). */
export function hasInterval<Item>({ status, isDeleting }: Entry<Item>): boolean {
  return (status === 'active' || status === 'pending') && !isDeleting
}

function failCall<Item>(
  state: State<Item>,
  call: Call<Item>,
  failure: Failure,
  settlement: Settlement,
): void {
  state.counters.syncErrors += 1
  const present = call.entries.filter((entry) => !isOver(state, entry))
  for (const entry of present) {
    entry.place = undefined
    addFailure(entry, failure.error)
    dropSnapshot(state, entry, true)
    if (hasInterval(entry)) evaluateInterval(state, entry)
  }
  callFailed(state, call, failure.error, settlement.at)
  planRetries(state, call, present.filter(hasFailed), failure.retryAfter, settlement.draw)
  // In random order at first: bad items are often neighbours, and would be probed one after the other (F11). Later groups keep
  // the order, in which the items that failed as probes come last.
  for (const entry of call.source === undefined ? shuffle(state, present) : present) {
    reschedule(state, entry)
    dropSnapshot(state, entry)
    settlePendingRefreshes(state, entry, failure)
  }
  tellOutage(state)
  // A refresh that was asked for before the call started would only repeat it (S15).
  if (call.kind === 'asked' && limitsAsked(state, settlement.at.now)) {
    rejectAskedBefore(state, call.number, failure)
    withdrawAsked(state)
  }
}

function shuffle<Item>(state: State<Item>, entries: readonly Entry<Item>[]): readonly Entry<Item>[] {
  const drawn = entries.map((entry) => ({ entry, key: ask(state, state.options.random, 0) }))
  return drawn.sort((a, b) => a.key - b.key).map(({ entry }) => entry)
}

/** True if there is nothing to write to: the entry was removed meanwhile, or is now, because it was marked (W5). */
function isOver<Item>(state: State<Item>, entry: Entry<Item>): boolean {
  if (entry.isDeleting) removeEntry(state, entry, 'delayed')
  return entry.status === 'missing'
}

/** Reports a response that no item asked for (F4). */
export function reportUnexpected<Item>(state: State<Item>, id: ItemId | undefined, response: unknown): void {
  emit(state, { type: 'unexpected-response', id, response })
}
