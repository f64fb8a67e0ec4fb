import { retryDelayOf, spread } from './backoff.ts'
import { ask, emit } from './events.ts'
import { RetryGroup, type DueGroup } from './queue/due-group.ts'
import type { Call, Entry } from './entry.ts'
import type { CircuitBreaker, State } from './state.ts'
import { queueStatus } from './status.ts'

/** ms that the last success must be ago before failures count as an outage; also the least distance of asked calls in one. */
const GRACE = 1000

/** Failed calls in a row before the application is told of an outage. */
const TOLD_FAILURES = 3

/** Failed retry calls in a row after which retries become single probes. */
const PROBING_FAILURES = 16

/** ms; the longest time for which one `retryAfter` holds the whole cache (F8). */
const LONGEST_HOLD = 3_600_000

/** A run begins: the source is given the benefit of the doubt (F10). */
export function resetBreaker<Item>({ breaker, time }: State<Item>): void {
  breaker.failedCalls = 0
  breaker.successTime = time.read().now
  if (breaker.hold !== undefined) breaker.hold.isTried = false
}

/** Notes a failed call: an outage may begin, and probes get rarer (F10, F11). */
export function callFailed<Item>(state: State<Item>, call: Call<Item>, error: unknown): void {
  const { breaker, options } = state
  const { now } = state.time.read()
  const isRetry = call.source !== undefined
  breaker.failedCalls += 1
  breaker.failureTime = now
  breaker.lastError = error
  if (isRetry) breaker.failedRetries += 1
  const delay = retryDelayOf(call.entries)
  const mayOpen = call.source?.isIsolated !== true && now - breaker.successTime >= GRACE
  if (!breaker.isOpen && mayOpen && breaker.failedCalls > 1) breaker.isOpen = true
  const begins = !breaker.isHalfOpen && (breaker.isOpen || breaker.failedRetries >= PROBING_FAILURES)
  if (begins) {
    breaker.isHalfOpen = true
    breaker.basePause = breaker.pause = delay
  } else if (breaker.isHalfOpen && call.kind === 'probe' && !breaker.isPauseReset) {
    breaker.pause = Math.min(breaker.pause * options.retry.factor, options.retry.maxDelay)
  }
  breaker.isPauseReset = false
  if (begins || (breaker.isHalfOpen && isRetry)) {
    breaker.retryEnd = now
    pauseProbes(state, now)
  }
  if (breaker.isOpen && !breaker.isOutage && breaker.failedCalls >= TOLD_FAILURES) {
    breaker.isOutage = true
    emit(state, { type: 'outage-started' })
  }
  queueStatus(state)
}

/** Notes a call that succeeded: any ends an outage, only one of failed items ends probing (F10, F11). */
export function callSucceeded<Item>(state: State<Item>, call: Call<Item>): void {
  const { breaker } = state
  const { now, epoch } = state.time.read()
  breaker.failedCalls = 0
  breaker.successTime = now
  breaker.lastError = undefined
  breaker.lastSuccessAt = epoch
  breaker.isOpen = false
  if (breaker.hold !== undefined && call.startedAt >= breaker.hold.since) breaker.hold = undefined
  if (call.source !== undefined) {
    breaker.failedRetries = 0
    breaker.isHalfOpen = false
  } else if (breaker.isHalfOpen) {
    breaker.isPauseReset = true
    if (breaker.pause > breaker.basePause) {
      breaker.pause = breaker.basePause
      pauseProbes(state, breaker.retryEnd)
    }
  }
  if (breaker.isOutage) {
    breaker.isOutage = false
    emit(state, { type: 'outage-ended' })
  }
  queueStatus(state)
}

function pauseProbes<Item>(state: State<Item>, from: number): void {
  const { breaker, options } = state
  breaker.probeTime = from + breaker.pause * spread(options.retry, ask(state, options.random, 0))
}

/** The source asks for silence by an error with `retryAfter`, thrown for several healthy items (F8). */
export function holdSource<Item>(state: State<Item>, retryAfter: number): void {
  const { now } = state.time.read()
  const until = now + Math.min(retryAfter, state.options.retry.maxDelay)
  state.breaker.hold = { since: now, until, end: now + Math.min(retryAfter, LONGEST_HOLD), isTried: false }
}

/** The page or the network is back: what failed is due, though no sooner than 1 s after the last failed call (T3). */
export function closeBreaker<Item>(state: State<Item>): void {
  const { breaker } = state
  const { now } = state.time.read()
  breaker.isOpen = breaker.isHalfOpen = false
  breaker.failedRetries = 0
  breaker.retriesFrom = breaker.failureTime + GRACE
  if (breaker.isOutage) {
    breaker.isOutage = false
    emit(state, { type: 'outage-ended' })
  }
  for (const queue of [state.due, state.retries]) {
    for (const group of queue.nodes()) {
      if (!(group.isFailed || group instanceof RetryGroup) || group.due <= now) continue
      group.due = Math.max(now, group.notBefore)
      queue.update(group)
    }
  }
  queueStatus(state)
}

/** Drops a hold whose time is over, or that has nothing left to try. Returns the present one. */
export function currentHold<Item>(state: State<Item>, now: number): CircuitBreaker<Item>['hold'] {
  const { breaker, retries } = state
  const { hold } = breaker
  if (hold === undefined) return undefined
  const hasNothingToTry = hold.until <= now && !hold.isTried && retries.first === undefined
  if (hold.end <= now || hasNothingToTry) breaker.hold = undefined
  return breaker.hold
}

/** True if asked calls go one at a time, a second apart from failures (S8). */
export function limitsAsked<Item>(state: State<Item>, now: number): boolean {
  return state.breaker.isOpen || currentHold(state, now) !== undefined
}

/** When an asked call may start. */
export function askedFrom<Item>(state: State<Item>, now: number): number {
  if (!limitsAsked(state, now)) return -Infinity
  return state.runningAsked > 0 ? Infinity : state.breaker.failureTime + GRACE
}

/** When a retry call may start by the clock, if one is due (F6, F11, F8). */
export function retriesFrom<Item>(state: State<Item>, now: number): number {
  const { breaker, runningRetries, options } = state
  const hold = currentHold(state, now)
  if (hold !== undefined) {
    if (hold.isTried) return hold.end
    return runningRetries > 0 ? Infinity : hold.until
  }
  if (breaker.isHalfOpen) return runningRetries > 0 ? Infinity : breaker.probeTime
  return runningRetries < Math.max(1, options.concurrency - 1) ? breaker.retriesFrom : Infinity
}

/** Takes the entries of the next retry call: a whole batch, or one probe (F5, F11). */
export function takeRetries<Item>(
  state: State<Item>,
  dueBy: number,
): { readonly entries: Entry<Item>[]; readonly source: RetryGroup<Entry<Item>> | undefined } {
  const { breaker, retries } = state
  const isSingle = breaker.isHalfOpen || breaker.hold !== undefined
  const group = isSingle ? pickProbe(state, dueBy) : retries.first
  if (!(group instanceof RetryGroup)) return { entries: [], source: undefined }
  if (breaker.hold !== undefined) breaker.hold.isTried = true
  return { entries: group.take(isSingle ? 1 : group.maxBatchSize), source: group }
}

/** By turns the isolated item that is due longest, and one of the group with the fewest failed calls (F11). */
function pickProbe<Item>(state: State<Item>, dueBy: number): DueGroup<Entry<Item>> | undefined {
  const { breaker, retries } = state
  let isolated: RetryGroup<Entry<Item>> | undefined
  let best: RetryGroup<Entry<Item>> | undefined
  for (const group of retries.nodes()) {
    if (!(group instanceof RetryGroup) || group.due > dueBy) continue
    if (!group.isIsolated) best = best === undefined || isBefore(group, best) ? group : best
    else if (isolated === undefined || group.due < isolated.due) isolated = group
  }
  const chosen = breaker.prefersIsolated ? (isolated ?? best) : (best ?? isolated)
  breaker.prefersIsolated = chosen !== isolated
  return chosen
}

function isBefore<Item>(a: RetryGroup<Entry<Item>>, b: RetryGroup<Entry<Item>>): boolean {
  return a.failedCalls === b.failedCalls ? a.due < b.due : a.failedCalls < b.failedCalls
}
