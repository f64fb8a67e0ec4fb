import { takeNormal, type NextBatch } from './batches.ts'
import { endLateCalls, nextTimeout, startCall } from './call.ts'
import { askedFrom, healthyFrom, isProbing, retriesFrom, takeRetries } from './circuit-breaker.ts'
import { removeEntry } from './entries.ts'
import { transaction } from './events.ts'
import { clockLimit, clockStart, firstFetchStart, readEnvironment } from './pause.ts'
import { policyStart, policyWake, runPolicies } from './policies.ts'
import { isRetryGroup } from './queue/due-group.ts'
import { reschedule } from './schedule.ts'
import type { State } from './state.ts'
import { queueStatus } from './status.ts'
import { armTimer } from './timer.ts'

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

/** Does everything that is due, and sets the one timer for what comes next. Within a tick it does nothing. */
export function tick<Item>(state: State<Item>, isTimer: boolean): void {
  if (state.isTicking) return
  state.isTicking = true
  // What throws in a tick must not end the polling for good.
  const retryAt = state.time.read().now + AFTER_FAILURE
  let due = retryAt
  try {
    const isStuck = work(state, isTimer)
    due = nextWake(state, isStuck ? retryAt : -Infinity)
    if (state.breaker.isOutage) queueStatus(state)
  } finally {
    state.isTicking = false
    // A timer that waits only for entries that nobody observes keeps no process alive (P7).
    armTimer(state, due, state.isRunning && due === nextUnobserved(state))
  }
}

/** Returns true if a policy failed to do what it wanted to. */
function work<Item>(state: State<Item>, isTimer: boolean): boolean {
  const { now } = state.time.read()
  // Before late calls end: an answer that waited in a frozen page is still taken.
  const hasTimer = isTimer || state.timerDue < Infinity
  if (hasTimer && now - state.timerSetAt - state.timerDelay > MAX_LATENESS) state.graceUntil = now + GRACE
  if (state.time.lastMissed + GRACE > now) state.graceUntil = state.time.lastMissed + GRACE
  endLateCalls(state, now)
  if (!state.isRunning) return false
  const isStuck = transaction(state, () => {
    readEnvironment(state)
    removeDue(state, now)
    removeLeaving(state, now)
    return runPolicies(state, now)
  })
  startCalls(state, isTimer)
  return isStuck
}

/** Removes what is marked for deletion and due, and what nobody has observed for `gcTime`. */
function removeDue<Item>(state: State<Item>, now: number): void {
  for (const queue of [state.removals, state.unobserved]) {
    const reason = queue === state.removals ? 'delayed' : 'unobserved'
    for (let { first } = queue; first !== undefined && first.due <= now; first = queue.first) {
      for (const entry of first.members()) removeEntry(state, entry, reason)
    }
  }
}

/** Removes what nobody has observed for `gcTime` while it was in a call, or waited for one. */
function removeLeaving<Item>(state: State<Item>, now: number): void {
  for (const [entry, end] of state.leaving) {
    if (end <= now) removeEntry(state, entry, 'unobserved')
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
    const source = nextSource(state, now)
    if (source === undefined || source.at > now || state.sliceSize >= SLICE) return
    const isProbe = source.name === 'retries' && isProbing(state)
    const batch = source.take()
    if (!isRunning(state)) return putBack(state, batch)
    if (batch.entries.length > 0) startCall(state, batch, isProbe)
    state.sliceSize += batch.entries.length
  }
}

/** A function, because the compiler does not know that callbacks may have stopped the cache. */
function isRunning<Item>(state: State<Item>): boolean {
  return state.isRunning
}

/** The batch of a cache that a listener stopped while it was formed: its entries are due again. */
function putBack<Item>(state: State<Item>, { entries }: NextBatch<Item>): void {
  for (const entry of entries) reschedule(state, entry)
}

/** Where the next call comes from. */
interface Source<Item> {
  readonly name: 'asked' | 'askedDue' | 'firstFetches' | 'due' | 'askedRetries' | 'retries'
  /** Due time of its first item. */
  readonly due: number
  /** Earliest start. */
  readonly at: number
  readonly take: () => NextBatch<Item>
}

/** The source whose call may start first; undefined if no slot is free. */
function nextSource<Item>(state: State<Item>, now: number): Source<Item> | undefined {
  const { calls, options, firstFetches, due, asked, askedDue, askedRetries, retries } = state
  if (calls.size >= options.concurrency) return undefined
  const limit = clockLimit(state, now)
  const byClock = policyStart(state, now, false)
  const healthy = Math.max(byClock, healthyFrom(state, now))
  const mayAsk = policyStart(state, now, true)
  const askFrom = Math.max(mayAsk, askedFrom(state, now))
  const retryFrom = Math.max(byClock, retriesFrom(state, now))
  const hasRetrySlot = state.runningRetries < Math.max(1, options.concurrency - 1)
  const isOpen = limit === Infinity && healthy <= now
  const dueAskedFrom = Math.max(clockStart(state, askedDue.firstDue, now), healthy)
  const all = [asked, askedDue, firstFetches, due]
  const takeAsked = (): NextBatch<Item> =>
    isOpen ? takeNormal(state, all, now, limit) : takeNormal(state, [asked, askedDue], now, now)
  const sources: Source<Item>[] = [
    {
      name: 'asked',
      due: asked.firstDue,
      at: Math.max(asked.firstDue, askFrom),
      take: takeAsked,
    },
    {
      name: 'askedDue',
      due: askedDue.firstDue,
      // Whichever allows it first: that it is asked for, or that it is due.
      at: Math.max(mayAsk, Math.min(Math.max(askedDue.firstDue, askFrom), dueAskedFrom)),
      take: takeAsked,
    },
    {
      name: 'firstFetches',
      due: firstFetches.firstDue,
      at: Math.max(firstFetchStart(state, firstFetches.firstDue, now), healthy),
      take: () => (isOpen ? takeNormal(state, all, now, limit) : takeNormal(state, [firstFetches], now, now)),
    },
    {
      name: 'due',
      due: due.firstDue,
      at: Math.max(clockStart(state, due.firstDue, now), healthy),
      take: () => takeNormal(state, all, now, limit),
    },
  ]
  const askedRetry = askedRetries.first
  const source = askedRetry?.source
  if (askedRetry !== undefined && source !== undefined && hasRetrySlot) {
    sources.push({
      name: 'askedRetries',
      due: askedRetry.due,
      at: Math.max(askedRetry.due, askFrom),
      // Failed items that were asked for: all of one retry group (S14).
      take: () => ({ entries: askedRetry.take(source.maxBatchSize), source }),
    })
  }
  const retry = retries.first
  if (isRetryGroup(retry)) {
    sources.push({
      name: 'retries',
      due: retry.due,
      at: Math.max(clockStart(state, retry.due, now), retryFrom),
      take: () => takeRetries(state, retry, Math.min(now, limit)),
    })
  }
  return sources.reduce((first, each) => (isBefore(each, first, now) ? each : first))
}

/** Of what may start now, the oldest due goes first (S4); else what may start first. */
function isBefore<Item>(a: Source<Item>, b: Source<Item>, now: number): boolean {
  const [startA, startB] = [Math.max(a.at, now), Math.max(b.at, now)]
  return startA === startB ? a.due < b.due : startA < startB
}

/** When the next tick is. @param policiesFrom time before which policies do not run */
function nextWake<Item>(state: State<Item>, policiesFrom: number): number {
  const timeout = nextTimeout(state)
  if (!state.isRunning) return timeout
  const { now } = state.time.read()
  const start = nextSource(state, now)?.at ?? Infinity
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
  let next = state.unobserved.firstDue
  for (const end of state.leaving.values()) next = Math.min(next, end)
  return next
}
