import type { Batch } from './auto-refresh.ts'
import { Batches } from './dispatch/batches.ts'
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
  readonly #batches: Batches<Item>
  readonly #customBatches: CustomBatches<Item> | undefined
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
    this.#batches = new Batches(plan, entries.departed, options, options.createBatches !== undefined)
    if (options.createBatches !== undefined) {
      this.#customBatches = new CustomBatches(
        plan,
        requests,
        options,
        (error) => events.report(error),
        (entry) => entries.touch(entry, false),
      )
    }
  }

  get runningCalls(): number {
    return this.#limiter.running
  }

  /** How many entries wait for the end of a call of an earlier incarnation. */
  get parkedEntries(): number {
    let count = 0
    for (const call of this.#calls) count += call.successors?.size ?? 0
    return count
  }

  /** When the next call times out, monotonic ms. */
  get nextTimeout(): number {
    const [first] = this.#calls
    return first?.deadline ?? Infinity
  }

  /** When the next call could start, if nothing else happens before; monotonic ms. */
  nextStart(now: number): number {
    if (!this.#limiter.hasSlot || (this.outage.isOn && this.#limiter.running > 0)) return Infinity
    const { urgent, due } = this.#rooms.plan
    const byClock = this.#gate.isOpen ? Math.max(due.firstDue, this.outage.probeAt) : Infinity
    const next = Math.min(urgent.firstDue, byClock)
    return next === Infinity ? next : Math.max(next, this.#limiter.tokenAt(now))
  }

  /** Starts what may start (S4, F6, T3). */
  start(isRunning: () => boolean): void {
    let isFormed = false
    while (isRunning()) {
      const moment = this.#entries.moment()
      const { now } = moment
      if (this.nextStart(now) > now) return
      const admitsDue = this.outage.probeAt <= now && this.#gate.look()
      if (this.#batches.nextDue(admitsDue) > now) return
      if (!isFormed) this.#customBatches?.form(now, moment.epoch, admitsDue)
      isFormed = true
      const { isOn, batchLimit } = this.outage
      const entries = this.#batches.next(now, { limit: batchLimit, admitsDue, fills: admitsDue && !isOn })
      if (entries.length > 0) this.#startCall(entries, moment)
      else if (this.#batches.nextDue(admitsDue) <= now) return
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
    if (events.areWatched) events.tell({ type: 'sync-started', ids: entries.map((entry) => entry.id) })
    void this.#run(call, batch)
  }

  async #run(call: SyncCall<Item>, batch: Batch<Item>): Promise<void> {
    let result: CallResult<Item>
    try {
      result = { responses: await this.#rooms.options.sync(batch, call.context) }
    } catch (error) {
      result = { error }
    }
    this.#end(call, result)
  }

  /** Frees the slot and the ids of a call; what comes later is ignored. */
  #end(call: SyncCall<Item>, result: CallResult<Item>): void {
    if (call.isOver) return
    this.#calls.delete(call)
    this.#limiter.end()
    this.#rooms.events.during(() => {
      if (call.isAborted) this.#release(call)
      else this.commit.settle(call, result)
      this.#letSuccessorsGo(call)
    })
    call.end()
    this.#settled()
  }

  /** The entries of an aborted call are as if it had not been made (L3, L4). */
  #release(call: SyncCall<Item>): void {
    const { plan, requests } = this.#rooms
    const moment = this.#entries.moment()
    for (const entry of call.entries) {
      if (entry.status === 'missing') continue
      entry.call = undefined
      if (entry.isDeleting) this.#entries.remove(entry, 'delayed')
      else if (requests.isWaiting(entry)) plan.ask(entry, moment)
      else plan.resumeNow(entry, moment)
      this.#entries.touch(entry, false)
    }
  }

  #letSuccessorsGo(call: SyncCall<Item>): void {
    const { departed } = this.#entries
    for (const { id, status } of call.entries) {
      if (status === 'missing' && departed.get(id) === call) departed.delete(id)
    }
    const { plan, requests } = this.#rooms
    for (const entry of [...(call.successors?.members() ?? [])]) {
      const moment = this.#entries.moment()
      entry.cohort?.remove(entry)
      if (requests.isWaiting(entry)) plan.ask(entry, moment)
      else plan.resumeNow(entry, moment)
    }
  }
}

/** What a signal's `reason` is after a timeout, as `AbortSignal.timeout` has it. */
function timeoutReason(message: string): Error {
  const reason = new Error(message)
  reason.name = 'TimeoutError'
  return reason
}
