import type { Batch, CallKind, SyncContext } from '../auto-refresh.ts'
import { AutoRefreshError } from '../errors.ts'
import { settleCall, type CallResult } from './apply.ts'
import type { NextBatch } from './batches.ts'
import { removeEntry, releaseReplacement } from './entries.ts'
import { emit, transaction } from './events.ts'
import { startPendingRefreshes, isWaitedFor } from './pending-refreshes.ts'
import { tellPolicies } from './policies.ts'
import { reschedule } from './schedule.ts'
import { dropSnapshot } from './snapshot.ts'
import { Call } from './entry.ts'
import type { State } from './state.ts'
import { toBatchEntry } from './sync.ts'
import { queueTick } from './wake.ts'

/** Starts a call of the application's sync function. */
export function startCall<Item>(
  state: State<Item>,
  { entries, source }: NextBatch<Item>,
  isProbe: boolean,
): void {
  const { now } = state.time.read()
  state.callCount += 1
  const isAsked = entries.some((entry) => isWaitedFor(state, entry))
  const kind = kindOf(isProbe, isAsked, source !== undefined)
  const call = new Call(state.callCount, kind, entries, source, now, state.options.timeout)
  state.calls.push(call)
  state.counters.syncCalls += 1
  if (source !== undefined) state.runningRetries += 1
  if (kind === 'asked') state.runningAsked += 1
  tellPolicies(state, (policy) => policy.callStarted?.(now))
  const batch = entries.map((entry) => {
    entry.place = call
    startPendingRefreshes(state, call, entry)
    dropSnapshot(state, entry)
    return toBatchEntry(entry)
  })
  emit(state, () => ({
    type: 'sync-started',
    call: call.number,
    kind,
    ids: entries.map((entry) => entry.id),
  }))
  // An event listener may have stopped the cache: then there is nothing to run.
  if (call.isAborted) endCall(state, call, { answer: [] })
  else void run(state, call, batch)
}

function kindOf(isProbe: boolean, isAsked: boolean, isRetry: boolean): CallKind {
  if (isProbe) return 'probe'
  if (isAsked) return 'asked'
  return isRetry ? 'retry' : 'clock'
}

/** The only place that awaits the application's code. */
async function run<Item>(state: State<Item>, call: Call<Item>, batch: Batch<Item>): Promise<void> {
  let result: CallResult
  try {
    // In a promise, so that a synchronous answer or throw is handled in a microtask like any other.
    const answer = new Promise<unknown>((resolve) => {
      resolve(state.options.sync(batch, new CallContext(call)))
    })
    result = { answer: await answer }
  } catch (error) {
    result = { error }
  }
  endCall(state, call, result)
}

/** The sync function's view of its call. */
class CallContext<Item> implements SyncContext {
  /** An own property, so that `{ ...context }` keeps it. */
  declare readonly signal: AbortSignal
  readonly #call: Call<Item>

  /** One for all: of a getter of its own, V8 would make a hidden class that keeps the call until a full collection. */
  static readonly #signal: PropertyDescriptor & ThisType<CallContext<unknown>> = {
    enumerable: true,
    get() {
      return this.#call.signal
    },
  }

  constructor(call: Call<Item>) {
    this.#call = call
    Object.defineProperty(this, 'signal', CallContext.#signal)
  }
}

/** Frees the slot and the ids of a call. Whatever comes later is ignored. */
export function endCall<Item>(state: State<Item>, call: Call<Item>, result: CallResult): void {
  const index = state.calls.indexOf(call)
  if (index < 0) return
  state.calls.splice(index, 1)
  if (call.source !== undefined) state.runningRetries -= 1
  if (call.kind === 'asked') state.runningAsked -= 1
  tellPolicies(state, (policy) => policy.callSettled?.(state.time.read().now, 'error' in result))
  transaction(state, () => {
    if (!call.isAborted) settleCall(state, call, result)
    for (const entry of call.entries) {
      if (entry.place === call) entry.place = undefined
      if (entry.status === 'missing') releaseReplacement(state, entry.id)
      else if (call.isAborted) letGo(state, entry)
    }
  })
  for (const tell of call.whenOver) tell()
  queueTick(state)
}

/** The entry of an aborted call goes on as if the call had not been made (L3, L4). */
function letGo<Item>(state: State<Item>, entry: Call<Item>['entries'][number]): void {
  if (entry.isDeleting) removeEntry(state, entry, 'delayed')
  else reschedule(state, entry)
}

/**
 * Ends the calls that took too long (T1).
 *
 * @param reached the time for which the timer was set that fired. Other looks at the clock end no call, because one that stands still
 *   between I/O jumps, and a call that has just begun would be late at once.
 */
export function endLateCalls<Item>(state: State<Item>, now: number, reached: number): void {
  if (now < state.graceUntil) return
  const { name, timeout } = state.options
  for (const call of [...state.calls]) {
    if (call.deadline > reached) return
    const message = `${name}: sync took longer than ${timeout} ms`
    call.abort(new TimeoutReason(message))
    endCall(state, call, { error: new AutoRefreshError('TIMEOUT', message) })
  }
}

/** When the next call times out. */
export function nextTimeout<Item>({ calls, graceUntil }: State<Item>): number {
  const [first] = calls
  return first === undefined ? Infinity : Math.max(first.deadline, graceUntil)
}

/** Aborts all calls: whatever they bring is ignored (L3). They keep their slots and ids until they settle. */
export function abortCalls<Item>(state: State<Item>, reason: Error): void {
  const calls = state.calls.filter((call) => !call.isAborted)
  for (const call of calls) {
    call.isAborted = true
    for (const entry of call.entries) dropSnapshot(state, entry)
  }
  // After all of them, because an abort listener may start the cache again.
  for (const call of calls) call.abort(reason)
}

/** Resolves when none of the present calls runs any more; one without a timeout is not waited for (L9). */
export async function idle<Item>({ calls }: State<Item>): Promise<void> {
  const waitedFor = calls.filter((call) => call.deadline !== Infinity)
  await Promise.all(waitedFor.map((call) => new Promise<void>((resolve) => call.whenOver.push(resolve))))
}

/** The `reason` of a signal after a timeout, as `AbortSignal.timeout` has it. */
class TimeoutReason extends Error {
  // A field, not an assignment: with frozen intrinsics, an inherited name cannot be assigned.
  override readonly name = 'TimeoutError'
}
