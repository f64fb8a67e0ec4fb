import type { Batch, SyncResponse } from './auto-refresh.ts'
import { createCommit, type CallResult, type Commit } from './commit.ts'
import { createBatches } from './dispatch/batches.ts'
import { createCustomBatches } from './dispatch/custom-batches.ts'
import type { Gate } from './dispatch/gate.ts'
import { Limiter } from './dispatch/limiter.ts'
import { Outage } from './dispatch/outage.ts'
import { CallContext, SyncCall } from './dispatch/sync-call.ts'
import type { Entries, EntryRooms } from './entries.ts'
import { toBatchEntry, type Entry } from './entry.ts'
import type { Moment } from './environment/clock.ts'
import { AutoRefreshError } from './errors.ts'

/**
 * Sends batches to the application's sync function while there are slots, and hands what comes back to `commit`. The
 * only file that awaits the application's code.
 */
export interface RefreshLoop<Item> {
  readonly outage: Outage
  readonly commit: Commit<Item>
  readonly runningCalls: () => number
  readonly waitingItems: (now: number) => number
  /** When the next call times out, monotonic ms. */
  readonly nextTimeout: () => number
  /** When the next call could start, if nothing else happens before; monotonic ms. */
  readonly nextStart: (now: number) => number
  /** Starts what may start (S4, F6, T3). @param isTask whether this turn is a task of its own, begun by the timer */
  readonly start: (isRunning: () => boolean, isTask: boolean) => void
  /** Ends the calls that took too long (T1). */
  readonly endLateCalls: (now: number) => void
  /** The cache was stopped: what the running calls bring is ignored (L3). */
  readonly abortAll: (reason: Error) => void
  /** Lets go of the batches that wait for a slot: the cache was stopped. */
  readonly forgetBatches: () => void
  /** Resolves when no call of now is running; one without a timeout is not waited for. */
  readonly idle: () => Promise<unknown>
}

/**
 * The most items that go within `SLICE_TIME` ms without a timer in between: where a source answers at once, all that is due
 * would be one task, and the page would stand still for it (S12).
 */
const SLICE = 5000
const SLICE_TIME = 100

/** @param settled called when a slot became free */
export function createRefreshLoop<Item>(
  rooms: EntryRooms<Item>,
  entries: Entries<Item>,
  gate: Gate,
  settled: () => void,
): RefreshLoop<Item> {
  const { options, moment, touch, plan, requests, events, counters } = rooms
  const { name, timeout } = options
  const outage = new Outage(options.retry)
  const commit = createCommit(rooms, entries, outage)
  const limiter = new Limiter(options.parallelism, options.rateLimit)
  const batches =
    options.createBatches === undefined
      ? createBatches(plan, options)
      : createCustomBatches(createBatches(plan, options), options.createBatches, rooms)
  /** When the slice of now began, monotonic ms, and how many items went in it. */
  let sliceStart = -Infinity
  let sliceSize = 0
  /** The calls that occupy a slot, in the order of their starts, and so of their deadlines. */
  const calls = new Set<SyncCall<Item>>()

  function nextStart(now: number): number {
    // In an outage, what runs already tells how the source is.
    const isAsking = outage.isOn && [...calls].some((call) => !call.isAborted)
    if (!limiter.hasSlot || isAsking) return Infinity
    const byClock = gate.isOpen() ? Math.max(batches.firstDue(true), outage.probeAt) : Infinity
    const next = Math.min(batches.firstDue(false), byClock)
    return Math.max(next, limiter.tokenAt(now))
  }

  function startCall(members: readonly Entry<Item>[], at: Moment): void {
    const call = new SyncCall(members, at, timeout, outage.isOn)
    limiter.start(at.now)
    calls.add(call)
    counters.syncCalls += 1
    const batch = members.map((entry) => {
      entry.call = call
      requests.start(entry)
      touch(entry)
      return toBatchEntry(entry)
    })
    events.tell(() => ({ type: 'sync-started', ids: members.map((entry) => entry.id) }))
    // Who was told of it may have stopped the cache: then there is nothing to run.
    if (call.isAborted) end(call, { responses: [] })
    else void run(call, batch)
  }

  async function run(call: SyncCall<Item>, batch: Batch<Item>): Promise<void> {
    let result: CallResult<Item>
    try {
      // In a promise: what is thrown at once is dealt with in a microtask of its own, like all else.
      const answer = new Promise<Iterable<SyncResponse<Item>>>((resolve) => {
        resolve(options.sync(batch, new CallContext(call)))
      })
      result = { responses: await answer }
    } catch (error) {
      result = { error }
    }
    end(call, result)
  }

  /** Frees the slot and the ids of a call; what comes later is ignored. */
  function end(call: SyncCall<Item>, result: CallResult<Item>): void {
    if (!calls.delete(call)) return
    limiter.end()
    events.during(() => {
      if (!call.isAborted) commit.settle(call, result)
      for (const entry of call.entries) {
        if (call.isAborted) letGo(entry)
        if (entry.status === 'missing') entries.admitSuccessor(entry)
      }
    })
    for (const tell of call.whenOver) tell()
    settled()
  }

  /** The entries of an aborted call are as if it had not been made (L3, L4). */
  function letGo(entry: Entry<Item>): void {
    if (entry.isDeleting) entries.remove(entry, 'delayed')
    else entries.release(entry)
  }

  return {
    outage,
    commit,
    nextStart,
    runningCalls: () => limiter.running,
    waitingItems: (now) => batches.countDue(now),
    nextTimeout() {
      const [first] = calls
      return first?.deadline ?? Infinity
    },
    start(isRunning, isTask) {
      if (isTask) sliceStart = -Infinity
      while (isRunning()) {
        const at = moment()
        const { now } = at
        if (now >= sliceStart + SLICE_TIME) {
          sliceStart = now
          sliceSize = 0
        }
        if (nextStart(now) > now || sliceSize >= SLICE) return
        const admitsDue = outage.probeAt <= now && gate.look()
        const batch = batches.next(at, outage.batchLimit, admitsDue, !outage.isOn)
        // `createBatches` may have stopped the cache: then what it was offered is due again.
        if (!isRunning()) batch.forEach(entries.release)
        else if (batch.length > 0) startCall(batch, at)
        sliceSize += batch.length
      }
    },
    endLateCalls(now) {
      for (const call of calls) {
        if (call.deadline > now) return
        const message = `${name}: sync took longer than ${timeout} ms`
        call.abort(new TimeoutReason(message))
        end(call, { error: new AutoRefreshError('TIMEOUT', message) })
      }
    },
    abortAll(reason) {
      const aborted = [...calls].filter((call) => !call.isAborted)
      for (const call of aborted) {
        call.isAborted = true
        for (const entry of call.entries) touch(entry)
      }
      // After all of them are over: who listens may start the cache again, and its new calls are not of this stop.
      for (const call of aborted) call.abort(reason)
    },
    forgetBatches() {
      batches.forget().forEach(entries.release)
    },
    idle() {
      const waitedFor = [...calls].filter((call) => call.deadline !== Infinity)
      return Promise.all(waitedFor.map((call) => new Promise<void>((resolve) => call.whenOver.push(resolve))))
    },
  }
}

/** What a signal's `reason` is after a timeout, as `AbortSignal.timeout` has it. */
class TimeoutReason extends Error {
  // A field, not an assignment: where intrinsics are frozen, what is inherited cannot be assigned.
  override readonly name = 'TimeoutError'
}
