import type { Batch, SyncResponse } from './auto-refresh.ts'
import { Batches, type BatchMaker } from './dispatch/batches.ts'
import { CustomBatches } from './dispatch/custom-batches.ts'
import { Limiter } from './dispatch/limiter.ts'
import { Outage } from './dispatch/outage.ts'
import { SyncCall } from './dispatch/sync-call.ts'
import { Commit, type CallResult } from './commit.ts'
import type { Entries, EntryRooms } from './entries.ts'
import { toBatchEntry, type Entry } from './entry.ts'
import type { Moment } from './environment/clock.ts'
import { AutoRefreshError } from './errors.ts'

/** What lets refreshes start, as of now. */
export interface StartGate {
  look(): boolean
  readonly isOpen: boolean
}

/**
 * Sends batches to the application's sync function while there are slots, and hands what comes back to `Commit`. The
 * only file that awaits the application's code.
 */
export class RefreshLoop<Item> {
  readonly outage: Outage
  readonly commit: Commit<Item>
  readonly #rooms: EntryRooms<Item>
  readonly #entries: Entries<Item>
  readonly #gate: StartGate
  readonly #limiter: Limiter
  readonly #batches: BatchMaker<Item>
  readonly #settled: () => void
  /** The calls that occupy a slot, in the order of their starts, and so of their deadlines. */
  readonly #calls = new Set<SyncCall<Item>>()

  /** @param settled called when a slot became free */
  constructor(rooms: EntryRooms<Item>, entries: Entries<Item>, gate: StartGate, settled: () => void) {
    const { options, plan, requests, events } = rooms
    this.#rooms = rooms
    this.#entries = entries
    this.#gate = gate
    this.#settled = settled
    this.outage = new Outage(options.retry)
    this.commit = new Commit(rooms, entries, this.outage)
    this.#limiter = new Limiter(options.parallelism, options.rateLimit)
    const batches = new Batches(plan, options)
    const { createBatches } = options
    this.#batches =
      createBatches === undefined
        ? batches
        : new CustomBatches(batches, {
            createBatches,
            isAskedFor: (entry) => requests.isWaiting(entry),
            admits: (entry) => plan.admits(entry),
            postpone: (entry) => plan.postpone(entry, entries.moment()),
            touch: (entry) => entries.touch(entry, false),
            report: (error) => events.report(error),
          })
  }

  get runningCalls(): number {
    return this.#limiter.running
  }

  waitingItems(now: number): number {
    return this.#batches.countDue(now)
  }

  /** When the next call times out, monotonic ms. */
  get nextTimeout(): number {
    const [first] = this.#calls
    return first?.deadline ?? Infinity
  }

  /** When the next call could start, if nothing else happens before; monotonic ms. */
  nextStart(now: number): number {
    if (!this.#limiter.hasSlot || (this.outage.isOn && this.#isAsking())) return Infinity
    const byClock = this.#gate.isOpen ? Math.max(this.#batches.firstDue(true), this.outage.probeAt) : Infinity
    const next = Math.min(this.#batches.firstDue(false), byClock)
    return next === Infinity ? next : Math.max(next, this.#limiter.tokenAt(now))
  }

  /** Starts what may start (S4, F6, T3). */
  start(isRunning: () => boolean): void {
    while (isRunning()) {
      const moment = this.#entries.moment()
      const { now } = moment
      if (this.nextStart(now) > now) return
      const admitsDue = this.outage.probeAt <= now && this.#gate.look()
      if (this.#batches.firstDue(admitsDue) > now) return
      const { isOn, batchLimit } = this.outage
      const entries = this.#batches.next(moment, { limit: batchLimit, admitsDue, fills: admitsDue && !isOn })
      // `createBatches` may have stopped the cache: then what it was offered is due again.
      if (!isRunning()) entries.forEach((entry) => this.#entries.release(entry))
      else if (entries.length > 0) this.#startCall(entries, moment)
    }
  }

  /** Ends the calls that took too long (T1). */
  endLateCalls(moment: Moment): void {
    const { name, timeout } = this.#rooms.options
    for (const call of this.#calls) {
      if (call.deadline > moment.now) return
      const message = `${name}: sync took longer than ${timeout} ms`
      call.context.abort(timeoutReason(message))
      this.#end(call, { error: new AutoRefreshError('TIMEOUT', message) })
    }
  }

  /** The cache was stopped: what the running calls bring is ignored (L3). */
  abortAll(reason: Error): void {
    for (const call of this.#calls) {
      if (call.isAborted) continue
      call.isAborted = true
      for (const entry of call.entries) this.#entries.touch(entry, false)
      call.context.abort(reason)
    }
  }

  /** Lets go of the batches that wait for a slot: the cache was stopped. */
  forgetBatches(): void {
    for (const entry of this.#batches.forget()) this.#entries.release(entry)
  }

  /** Resolves when no call of now is running; one without a timeout is not waited for. */
  async idle(): Promise<void> {
    const calls = [...this.#calls].filter((call) => call.deadline !== Infinity)
    await Promise.all(calls.map((call) => call.over()))
  }

  #startCall(entries: readonly Entry<Item>[], moment: Moment): void {
    const { options, requests, events, counters } = this.#rooms
    const call = new SyncCall(entries, moment, options.timeout, this.outage.isOn)
    this.#limiter.start(moment.now)
    this.#calls.add(call)
    counters.syncCalls += 1
    const batch = entries.map((entry) => {
      entry.call = call
      entry.isOvertaken = false
      requests.start(entry)
      this.#entries.touch(entry, false)
      return toBatchEntry(entry)
    })
    events.tell(() => ({ type: 'sync-started', ids: entries.map((entry) => entry.id) }))
    // Who was told of it may have stopped the cache: then there is nothing to run.
    if (call.isAborted) this.#end(call, { responses: [] })
    else void this.#run(call, batch)
  }

  async #run(call: SyncCall<Item>, batch: Batch<Item>): Promise<void> {
    let result: CallResult<Item>
    try {
      // In a promise: what is thrown at once is dealt with in a microtask of its own, like all else.
      const answer = new Promise<Iterable<SyncResponse<Item>>>((resolve) => {
        resolve(this.#rooms.options.sync(batch, call.context))
      })
      result = { responses: await answer }
    } catch (error) {
      result = { error }
    }
    this.#end(call, result)
  }

  /** Whether a call runs that may tell how the source is. */
  #isAsking(): boolean {
    for (const call of this.#calls) {
      if (!call.isAborted) return true
    }
    return false
  }

  /** Frees the slot and the ids of a call; what comes later is ignored. */
  #end(call: SyncCall<Item>, result: CallResult<Item>): void {
    if (call.isOver) return
    this.#calls.delete(call)
    this.#limiter.end()
    this.#rooms.events.during(() => {
      if (call.isAborted) this.#release(call)
      else this.commit.settle(call, result)
      for (const entry of call.entries) {
        if (entry.status === 'missing') this.#entries.admitSuccessor(entry, call)
      }
    })
    call.end()
    this.#settled()
  }

  /** The entries of an aborted call are as if it had not been made (L3, L4). */
  #release(call: SyncCall<Item>): void {
    for (const entry of call.entries) {
      if (entry.status === 'missing') continue
      if (entry.isDeleting) this.#entries.remove(entry, 'delayed')
      else this.#entries.release(entry)
    }
  }
}

/** What a signal's `reason` is after a timeout, as `AbortSignal.timeout` has it. */
function timeoutReason(message: string): Error {
  const reason = new Error(message)
  reason.name = 'TimeoutError'
  return reason
}
