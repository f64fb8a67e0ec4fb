import { isThenable } from '../answer.ts'
import type { AutoRefreshEvent } from '../auto-refresh.ts'
import { reportUncaught } from '../environment/report-error.ts'
import { cacheError } from './cache-error.ts'
import type { State } from './state.ts'
import { atTurnEnd } from './wake.ts'

/** Adds a listener, also one that is there already. Returns the unsubscribe function. */
export function addListener<Listener>(
  listeners: Set<{ readonly listener: Listener }>,
  listener: Listener,
): () => void {
  const subscription = { listener }
  listeners.add(subscription)
  return () => {
    listeners.delete(subscription)
  }
}

/**
 * Tells the event listeners, at the end of the outermost transaction.
 *
 * @param event a function if the event is expensive to make
 */
export function emit<Item>(
  state: State<Item>,
  event: AutoRefreshEvent<NoInfer<Item>> | (() => AutoRefreshEvent<NoInfer<Item>>),
): void {
  if (state.eventListeners.size === 0) return
  state.untoldEvents.push(typeof event === 'function' ? event() : event)
  flush(state)
}

function flush<Item>(state: State<Item>): void {
  const { untoldEvents } = state
  if (untoldEvents.length === 0 || state.transactions > 0 || state.questions > 0 || state.isTelling) return
  state.isTelling = true
  // Listeners may cause further events: the array grows under the loop.
  for (const event of untoldEvents) tellAll(state, event)
  untoldEvents.length = 0
  state.isTelling = false
}

function tellAll<Item>(state: State<Item>, event: AutoRefreshEvent<Item>): void {
  for (const subscription of [...state.eventListeners]) {
    if (!state.eventListeners.has(subscription)) continue
    // A listener that throws at `callback-error` would otherwise be told of itself for ever.
    const reportFailure = event.type === 'callback-error' ? reportUncaught : undefined
    call(state, () => subscription.listener(event), reportFailure)
  }
}

/** Calls a listener. Reports its throw, or the rejection of the promise that it returns (F7, O2). */
export function call<Item>(
  state: State<Item>,
  listener: () => unknown,
  reportFailure: (error: unknown) => void = (error) => report(state, error),
): void {
  try {
    const result: unknown = listener()
    if (isThenable(result)) Promise.resolve(result).catch(reportFailure)
  } catch (error) {
    reportFailure(error)
  }
}

/** Reports what a callback of the application threw (F7). */
export function report<Item>(state: State<Item>, error: unknown): void {
  emit(state, { type: 'callback-error', error })
  reportUncaught(error)
}

/** Makes a change of several steps. Events wait for the end of the outermost transaction. */
export function transaction<Item, Result>(state: State<Item>, change: () => Result): Result {
  state.transactions += 1
  try {
    return change()
  } finally {
    state.transactions -= 1
    flush(state)
  }
}

/**
 * Asks a callback of the application, which may only read meanwhile (O3). Returns `otherwise` if it throws; the throw is
 * reported.
 */
export function ask<Item, Answer>(state: State<Item>, question: () => Answer, otherwise: Answer): Answer {
  try {
    return askOrThrow(state, question)
  } catch (error) {
    report(state, error)
    return otherwise
  }
}

/** Asks a callback of the application, which may only read meanwhile (O3). Its throw goes to the caller. */
export function askOrThrow<Item, Answer>(state: State<Item>, question: () => Answer): Answer {
  state.questions += 1
  try {
    return question()
  } finally {
    state.questions -= 1
  }
}

/** Runs the effect of an unsubscribe or a release: now, or after the turn if a question is under way (O3). */
export function afterQuestion<Item>(state: State<Item>, effect: () => void): void {
  if (state.questions === 0) effect()
  else if (state.deferred.push(effect) === 1) atTurnEnd(() => runDeferred(state))
}

function runDeferred<Item>(state: State<Item>): void {
  for (const effect of state.deferred.splice(0)) effect()
}

/** @throws {AutoRefreshError} REENTRANT if a callback that answers a question calls `method` (O3) */
export function refuseWithinQuestion<Item>(state: State<Item>, method: string): void {
  if (state.questions === 0) return
  const message = `isTerminal, equals, interval and policies may only read, not call ${method}()`
  throw cacheError(state, 'REENTRANT', message)
}
