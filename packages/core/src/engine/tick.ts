import { takeNormal, type NextBatch } from './batches.ts'
import { endLateCalls, nextTimeout, startCall } from './call.ts'
import {
  askedFrom,
  hasRetrySlot,
  healthyFrom,
  isProbing,
  retriesFrom,
  takeRetries,
  tellOutage,
} from './circuit-breaker.ts'
import { removeEntry } from './entries.ts'
import { transaction } from './events.ts'
import { clockLimit, clockStart, firstFetchStart, readEnvironment } from './pause.ts'
import { policyStart, policyWake, runPolicies } from './policies.ts'
import { isRetryGroup } from './queue/due-group.ts'
import type { State } from './state.ts'
import { queueStatus } from './status.ts'
import { armTimer } from './timer.ts'

type Queue<Item> = State<Item>['due']

/** ms by which a timer may be late; a later one means a frozen page or process (T5). */
const MAX_LATENESS = 1000

/** ms after a freeze or a sleep in which no call times out (T5). */
const GRACE = 1000

/** ms until the next tick if one threw. */
const AFTER_FAILURE = 1000

/**
 * Maximum items that are sent within `SLICE_TIME` ms without a timer in between: if a source answers at once, everything due
 * would otherwise be one task, and the page would stand still for it (S12).
 */
const SLICE = 5000
const SLICE_TIME = 100

/**
 * Does everything that is due, and sets the one timer for what comes next.
 *
 * @param reached the time for which the timer was set that fired; -Infinity if none did
 */
export function tick<Item>(state: State<Item>, reached: number): void {
  // An error in a tick must not end the polling for good.
  const retryAt = state.time.read().now + AFTER_FAILURE
  let due = retryAt
  try {
    const isStuck = work(state, reached)
    due = nextWake(state, isStuck ? retryAt : -Infinity)
    if (state.breaker.isOutage) queueStatus(state)
  } finally {
    // A timer that waits only for entries that nobody observes keeps no process alive (P7).
    armTimer(state, due, state.isRunning && due === nextUnobserved(state))
  }
}

/** Returns true if a policy failed to do what it wanted to. */
function work<Item>(state: State<Item>, reached: number): boolean {
  const { now } = state.time.read()
  const isTimer = reached > -Infinity
  // Before late calls end: an answer that waited in a frozen page is still taken.
  const hasTimer = isTimer || state.timerDue < Infinity
  if (hasTimer && now - state.timerSetAt - state.timerDelay > MAX_LATENESS) state.graceUntil = now + GRACE
  if (state.time.lastMissed + GRACE > now) state.graceUntil = state.time.lastMissed + GRACE
  endLateCalls(state, now, reached)
  const isStuck = transaction(state, () => {
    let isPolicyStuck = false
    if (state.isRunning) {
      readEnvironment(state)
      removeDue(state, now)
      isPolicyStuck = runPolicies(state, now)
    }
    if (state.breaker.isConfirmed) tellOutage(state)
    return isPolicyStuck
  })
  startCalls(state, isTimer)
  return isStuck
}

/** Removes what is marked for deletion and due, and what nobody has observed for `gcTime`. */
function removeDue<Item>(state: State<Item>, now: number): void {
  const { removals, unobserved } = state
  for (let { first } = removals; first !== undefined && first.due <= now; first = removals.first) {
    for (const entry of first.members()) removeEntry(state, entry, 'delayed')
  }
  for (const [entry, end] of unobserved) {
    if (end > now) break
    removeEntry(state, entry, 'unobserved')
  }
}

/** Starts calls while there are slots and something is due, oldest first (S4). */
function startCalls<Item>(state: State<Item>, isTimer: boolean): void {
  if (isTimer) state.sliceStart = -Infinity
  while (state.isRunning) {
    const { now } = state.time.read()
    if (now >= state.sliceStart + SLICE_TIME) {
      state.sliceStart = now
      state.sliceSize = 0
    }
    const next = nextStart(state, now)
    if (next === undefined || next.at > now || state.sliceSize >= SLICE) return
    const isProbe = next.queue === state.retries && isProbing(state)
    const batch = take(state, next.queue, now)
    if (batch.entries.length > 0) startCall(state, batch, isProbe)
    state.sliceSize += batch.entries.length
  }
}

/**
 * The queue whose call may start first, and when that is, `now` at the earliest; undefined if there is none or no slot is free. Of
 * what may start now, the oldest due goes first (S4).
 */
function nextStart<Item>(
  state: State<Item>,
  now: number,
): { readonly queue: Queue<Item>; readonly at: number } | undefined {
  const { calls, options, asked, askedDue, firstFetches, due, askedRetries, retries } = state
  if (calls.length >= options.concurrency) return undefined
  let next: Queue<Item> | undefined
  let at = Infinity
  for (const queue of [asked, askedDue, firstFetches, due, askedRetries, retries]) {
    if (queue.first === undefined) continue
    const start = Math.max(now, startOf(state, queue, now))
    if (next !== undefined && (start > at || (start === at && queue.firstDue >= next.firstDue))) continue
    next = queue
    at = start
  }
  return next && { queue: next, at }
}

/** When a call of a queue that is not empty may start. */
function startOf<Item>(state: State<Item>, queue: Queue<Item>, now: number): number {
  const { asked, firstFetches, askedRetries, retries } = state
  const due = queue.firstDue
  const byClock = policyStart(state, now, false)
  if (queue === firstFetches) {
    return Math.max(firstFetchStart(state, due, now), byClock, healthyFrom(state, now))
  }
  const whenDue = Math.max(clockStart(state, due, now), byClock)
  if (queue === retries) return Math.max(whenDue, retriesFrom(state, now))
  const whenHealthy = Math.max(whenDue, healthyFrom(state, now))
  if (queue === state.due) return whenHealthy
  const mayAsk = policyStart(state, now, true)
  const whenAsked = Math.max(due, mayAsk, askedFrom(state, now))
  if (queue === asked) return whenAsked
  if (queue === askedRetries) return hasRetrySlot(state) ? whenAsked : Infinity
  // Whichever allows it first: that it is asked for, or that it is due.
  return Math.max(mayAsk, Math.min(whenAsked, whenHealthy))
}

/** Takes the next batch of a queue, filled from others as far as that is allowed now. */
function take<Item>(state: State<Item>, queue: Queue<Item>, now: number): NextBatch<Item> {
  const { asked, askedDue, firstFetches, due, retries } = state
  const limit = clockLimit(state, now)
  const { first } = queue
  if (queue === retries && isRetryGroup(first)) return takeRetries(state, first, Math.min(now, limit))
  // Failed items that were asked for: all of one retry group (S14).
  if (first?.source !== undefined) {
    const { source } = first
    return { entries: first.take(source.maxBatchSize), source }
  }
  const isOpen =
    limit === Infinity && Math.max(policyStart(state, now, false), healthyFrom(state, now)) <= now
  // Those that may not go yet wait, also for a call that starts by the clock (S15).
  const withAsked = askedFrom(state, now) <= now ? [asked] : []
  if (queue === due || isOpen) {
    return takeNormal(state, [...withAsked, askedDue, firstFetches, due], now, limit)
  }
  return takeNormal(state, queue === firstFetches ? [firstFetches] : [asked, askedDue], now, now)
}

/** When the next tick is. @param policiesFrom time before which policies do not run */
function nextWake<Item>(state: State<Item>, policiesFrom: number): number {
  const timeout = nextTimeout(state)
  if (!state.isRunning) return timeout
  const { now } = state.time.read()
  const start = nextStart(state, now)?.at ?? Infinity
  return Math.min(
    timeout,
    start,
    state.removals.firstDue,
    nextUnobserved(state),
    Math.max(policyWake(state), policiesFrom),
  )
}

/** When the next entry that nobody observes is removed. */
function nextUnobserved<Item>(state: State<Item>): number {
  const [next = Infinity] = state.unobserved.values()
  return next
}
