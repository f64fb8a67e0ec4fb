import type { Timestamp } from '../environment/clock.ts'
import { retryDelayOf, spread } from './backoff.ts'
import { ask, emit } from './events.ts'
import { isRetryGroup, type RetryGroup } from './queue/due-group.ts'
import { type Call, type Entry, isRefreshable } from './entry.ts'
import type { State } from './state.ts'
import { queueStatus } from './status.ts'

/** ms that the last success must be ago before failures count as an outage; also the least distance of asked calls in one. */
const GRACE = 1000

/** Failed calls in a row before the application is told of an outage. */
const TOLD_FAILURES = 3

/** Failed retry calls in a row after which retries become single probes. */
const PROBING_FAILURES = 16

/** The first run begins: failures in its first second are no outage (F6). */
export function startBreaker<Item>({ breaker, time }: State<Item>): void {
  if (breaker.successTime === -Infinity) breaker.successTime = time.read().now
}

/** Notes a failed call: an outage may begin, and probes get rarer (F10, F11). */
export function callFailed<Item>(
  state: State<Item>,
  call: Call<Item>,
  error: unknown,
  { now }: Timestamp,
): void {
  const { breaker, options } = state
  const isRetry = call.source !== undefined
  breaker.failedCalls += 1
  breaker.failureTime = now
  breaker.lastError = error
  if (isRetry) breaker.failedRetries += 1
  breaker.settledCalls += 1
  // What has failed since before healthy items last succeeded is a part of the source at most.
  if (call.source === undefined || call.source.since > breaker.healthyAt) breaker.suspectCalls += 1
  const delay = retryDelayOf(call.entries)
  const isOverdue = now - breaker.successTime >= GRACE
  const mayOpen = call.source?.isIsolated !== true && isOverdue
  if (mayOpen && breaker.failedCalls > 1) breaker.isOpen = true
  const begins = !breaker.isHalfOpen && (breaker.isOpen || breaker.failedRetries >= PROBING_FAILURES)
  if (begins) {
    breaker.isHalfOpen = true
    breaker.basePause = breaker.pause = delay
  } else if (breaker.isHalfOpen && call.kind === 'probe' && !breaker.isPauseReset) {
    breaker.pause = Math.min(breaker.pause * options.retry.factor, options.retry.maxDelay)
  }
  breaker.isPauseReset = false
  // What somebody asks for puts no other retry off.
  const isByClock = isRetry && call.kind !== 'asked'
  if (begins || (breaker.isHalfOpen && isByClock)) {
    breaker.retryEnd = now
    pauseProbes(state, now)
  }
  if (breaker.isReturning && isByClock) breaker.retriesFrom = now + GRACE
  const isSuspect = breaker.isOpen && breaker.suspectCalls >= TOLD_FAILURES
  const isHopeless = isOverdue && breaker.failedCalls >= TOLD_FAILURES && isNothingHealthy(state)
  if (isSuspect || isHopeless) breaker.isConfirmed = true
}

/** True if every polled item is failing: of a page with a few items, all may be isolated, and no outage begins (F12). */
function isNothingHealthy<Item>({ entries }: State<Item>): boolean {
  for (const entry of entries.values())
    if (isRefreshable(entry) && entry.failures?.retryGroup === undefined) return false
  return true
}

/** Notes a call that succeeded: any ends an outage, only one of failed items ends probing (F10, F11). */
export function callSucceeded<Item>(state: State<Item>, call: Call<Item>, { now, epoch }: Timestamp): void {
  const { breaker } = state
  breaker.settledCalls += 1
  breaker.failedCalls = 0
  breaker.successTime = now
  breaker.suspectCalls = 0
  breaker.isReturning = false
  breaker.lastError = undefined
  breaker.lastSuccessAt = epoch
  breaker.isOpen = false
  if (breaker.holdOff !== undefined && call.number > breaker.holdOff.after) breaker.holdOff = undefined
  if (call.source !== undefined) {
    if (call.source.refusal !== undefined) call.source.refusal.isOver = true
    breaker.failedRetries = 0
    breaker.isHalfOpen = false
  } else {
    breaker.healthyAt = breaker.settledCalls
    if (breaker.isHalfOpen) {
      breaker.isPauseReset = true
      if (breaker.pause > breaker.basePause) {
        breaker.pause = breaker.basePause
        pauseProbes(state, breaker.retryEnd)
      }
    }
  }
  breaker.isConfirmed = false
  tellOutage(state)
}

/** Tells the status, and of an outage that begins or ends: it lasts while it is confirmed, and a polled item is retried (F12). */
export function tellOutage<Item>(state: State<Item>): void {
  const { breaker } = state
  const isOutage = breaker.isConfirmed && isRetrying(state)
  if (breaker.isOutage !== isOutage) {
    breaker.isOutage = isOutage
    emit(state, { type: isOutage ? 'outage-started' : 'outage-ended' })
  }
  queueStatus(state)
}

/** True if a polled item is retried after a failed call: it waits for that, or is in a call. */
function isRetrying<Item>({ retries, askedRetries, calls }: State<Item>): boolean {
  if (retries.first !== undefined) return true
  const isRetried = (entry: Entry<Item>): boolean =>
    entry.failures?.retryGroup !== undefined && isRefreshable(entry)
  return (
    calls.some((call) => call.entries.some(isRetried)) ||
    askedRetries.nodes().some((group) => group.members().some(isRetried))
  )
}

function pauseProbes<Item>(state: State<Item>, from: number): void {
  const { breaker, options } = state
  breaker.probeTime = from + breaker.pause * spread(options.retry, ask(state, options.random, 0))
}

/** The source asks for a pause, by an error with `retryAfter` that is thrown for several healthy items (F8). */
export function holdOff<Item>(
  { breaker, options, time }: State<Item>,
  retryAfter: number,
  after: number,
): void {
  const { now } = time.read()
  const known = breaker.holdOff
  breaker.holdOff = {
    after: Math.max(known?.after ?? 0, after),
    // A later one can only lengthen it.
    end: Math.max(known?.end ?? -Infinity, now + retryAfter),
    trialTime: known?.trialTime ?? now + options.retry.maxDelay,
  }
}

/** The page or the network is back: what failed is due, though no sooner than 1 s after the last failed call (T3). */
export function closeBreaker<Item>(state: State<Item>): void {
  const { breaker } = state
  const { now } = state.time.read()
  breaker.isOpen = breaker.isHalfOpen = false
  breaker.failedRetries = 0
  breaker.retriesFrom = breaker.failureTime + GRACE
  breaker.callsAtReturn = state.callCount
  breaker.isReturning = true
  breaker.isConfirmed = false
  tellOutage(state)
  for (const group of state.retries.nodes()) {
    if (group.due <= now) continue
    group.due = Math.max(now, group.notBefore)
    state.retries.update(group)
  }
}

/** The hold-off, while there is one. Forgets it when its time is over. */
function presentHoldOff<Item>({ breaker }: State<Item>, now: number): State<Item>['breaker']['holdOff'] {
  if (breaker.holdOff !== undefined && breaker.holdOff.end <= now) breaker.holdOff = undefined
  return breaker.holdOff
}

/** True if asked calls go one at a time, a second apart from failures (S15). */
export function limitsAsked<Item>(state: State<Item>, now: number): boolean {
  return isDown(state) || presentHoldOff(state, now) !== undefined
}

/** An outage, or what is told as one: every polled item fails (F12). */
function isDown<Item>({ breaker }: State<Item>): boolean {
  return breaker.isOpen || breaker.isConfirmed
}

/** When a call of healthy items may start by the clock. */
export function healthyFrom<Item>(state: State<Item>, now: number): number {
  return presentHoldOff(state, now)?.end ?? -Infinity
}

/** When an asked call may start. */
export function askedFrom<Item>(state: State<Item>, now: number): number {
  const { breaker, runningAsked } = state
  // After a hold-off, nothing limits them any more.
  const limitedUntil = isDown(state) ? Infinity : healthyFrom(state, now)
  return Math.min(limitedUntil, runningAsked > 0 ? Infinity : breaker.failureTime + GRACE)
}

/** When a retry call may start by the clock, if one is due (F6, F11, F8). */
export function retriesFrom<Item>(state: State<Item>, now: number): number {
  const { breaker, runningRetries } = state
  const heldOff = presentHoldOff(state, now)
  if (heldOff !== undefined) {
    const { trialTime, end } = heldOff
    return runningRetries > 0 ? end : Math.min(Math.max(trialTime, breaker.retriesFrom), end)
  }
  if (breaker.isHalfOpen) return runningRetries > 0 ? Infinity : breaker.probeTime
  return hasRetrySlot(state) ? breaker.retriesFrom : Infinity
}

/** True if one more retry call may run (F10). */
export function hasRetrySlot<Item>({ runningRetries, options }: State<Item>): boolean {
  return runningRetries < Math.max(1, options.concurrency - 1)
}

/** True if retry calls by the clock are single items: probes, or trials during a hold-off (F8, F11). */
export function isProbing<Item>({ breaker }: State<Item>): boolean {
  return breaker.isHalfOpen || breaker.holdOff !== undefined
}

/**
 * Takes the entries of the next retry call by the clock: a whole batch, or one probe (F5, F11).
 *
 * @param first the group that is due first, at `dueBy` or before
 */
export function takeRetries<Item>(
  state: State<Item>,
  first: RetryGroup<Entry<Item>>,
  dueBy: number,
): { readonly entries: Entry<Item>[]; readonly source: RetryGroup<Entry<Item>> } {
  const { breaker, options } = state
  const isSingle = isProbing(state)
  const group = isSingle || breaker.isReturning ? pickProbe(state, first, dueBy) : first
  if (breaker.holdOff !== undefined)
    breaker.holdOff.trialTime = state.time.read().now + options.retry.maxDelay
  return { entries: group.take(isSingle ? 1 : group.maxBatchSize), source: group }
}

/** By turns the isolated item that is due longest, and one of the group with the fewest failed calls (F11). */
function pickProbe<Item>(
  { breaker, retries }: State<Item>,
  first: RetryGroup<Entry<Item>>,
  dueBy: number,
): RetryGroup<Entry<Item>> {
  let chosen = first
  for (const group of retries.nodes()) {
    if (!isRetryGroup(group) || group.due > dueBy) continue
    if (isBefore(group, chosen, breaker.prefersIsolated)) chosen = group
  }
  breaker.prefersIsolated = !chosen.isIsolated
  return chosen
}

/** True if `a` is probed before `b`. The number of failed calls is the same for all isolated items. */
function isBefore<Item>(
  a: RetryGroup<Entry<Item>>,
  b: RetryGroup<Entry<Item>>,
  prefersIsolated: boolean,
): boolean {
  if (a.isIsolated !== b.isIsolated) return a.isIsolated === prefersIsolated
  return a.failedCalls === b.failedCalls ? a.due < b.due : a.failedCalls < b.failedCalls
}
