import type { ItemSnapshot } from './auto-refresh.ts'
import type { BatchSources } from './dispatch/batches.ts'
import type { Requests } from './dispatch/requests.ts'
import { addFailure, type Entry } from './entry.ts'
import type { Moment } from './environment/clock.ts'
import type { ResolvedOptions } from './options.ts'
import { refreshDelay, retryDelay } from './policy/next-delay.ts'
import { Agenda } from './schedule/agenda.ts'
import type { Cohort, CohortTerms } from './schedule/cohort.ts'
import { snapshotOf } from './snapshot.ts'

/** ms; timers know no less, and an interval below would never let go of the processor. */
const SHORTEST_DELAY = 1

/** ms that an item that is waited for is put off at most by `createBatches`. */
const LONGEST_WAIT = 60_000

/** How a sync of an entry ended: well; badly because of its call; badly because of itself (F2). */
export type Outcome = 'success' | 'shared-failure' | 'own-failure'

/** Entries that settled together, and go together again where they can (S5). */
export interface Round<Item> {
  readonly moment: Moment
  /** The random number of the batch. */
  readonly draw: number
  /** Where those that went well are planned; the last one where their intervals differ. */
  cohort: Cohort<Entry<Item>> | undefined
}

/** When each entry is refreshed, or removed, next: the only place that gives due times. */
export class RefreshPlan<Item> implements BatchSources<Item> {
  readonly due: Agenda<Entry<Item>>
  readonly urgent: Agenda<Entry<Item>>
  /** Entries that are marked for deletion, at the time of their next sync cycle. */
  readonly removals: Agenda<Entry<Item>>
  readonly #options: ResolvedOptions<Item>
  readonly #requests: Requests<Item>
  readonly #touch: (entry: Entry<Item>) => void
  /** The new entries whose batch window is open. */
  #newcomers: Cohort<Entry<Item>> | undefined = undefined

  /**
   * @param changed called when something was planned
   * @param touch called for an entry whose next refresh is another than before, where its caller does not know
   */
  constructor(
    options: ResolvedOptions<Item>,
    requests: Requests<Item>,
    changed: () => void,
    touch: (entry: Entry<Item>) => void,
  ) {
    this.#options = options
    this.#requests = requests
    this.#touch = touch
    this.due = new Agenda(changed)
    this.urgent = new Agenda(changed)
    this.removals = new Agenda(changed)
  }

  /** Whether the entry is one that is refreshed by the clock (S9). */
  admits(entry: Entry<Item>): boolean {
    return (
      entry.status === 'active' &&
      !entry.isDeleting &&
      (this.#options.refreshUnobserved || entry.subscribers !== undefined)
    )
  }

  /** Whether the entry waits for a call: it is due, or new and waits for company only (C2). */
  isDue({ cohort, isDeleting }: Entry<Item>, now: number): boolean {
    if (cohort === undefined || isDeleting) return false
    return cohort.due <= now || cohort === this.#newcomers
  }

  /** A new entry (S1). */
  begin(entry: Entry<Item>, moment: Moment): void {
    const { syncOnCreate, batchWindow, interval } = this.#options
    if (typeof interval === 'number') entry.interval = interval
    else if (!syncOnCreate && entry.status === 'active') this.#evaluateFirst(entry, moment)
    // The application's interval function may have planned it, or removed it.
    if (!this.admits(entry) || entry.call !== undefined || entry.cohort !== undefined) return
    if (syncOnCreate && batchWindow > 0) this.#receive(entry, moment)
    else this.#add(entry, moment, this.#firstDue(entry, moment))
  }

  /** An entry that may be refreshed again: it came back to life (W3), or is observed (S9). Returns whether it is planned. */
  resume(entry: Entry<Item>, moment: Moment): boolean {
    if (!this.admits(entry) || entry.call !== undefined || entry.cohort !== undefined) return false
    const refreshedAt = entry.refreshedAt?.now
    const due = refreshedAt === undefined ? this.#firstDue(entry, moment) : refreshedAt + entry.interval
    return this.#add(entry, moment, Math.max(due, entry.failures?.retryAt ?? due)) !== undefined
  }

  /** An entry that is not to be refreshed by the clock any more. One that was asked for, or is marked, stays planned. Returns whether it was. */
  withdraw(entry: Entry<Item>): boolean {
    if (entry.isDeleting || this.#requests.isWaiting(entry) || entry.cohort === undefined) return false
    entry.cohort.remove(entry)
    return true
  }

  /** An entry that settled, or was ingested. */
  next(entry: Entry<Item>, outcome: Outcome, round: Round<Item>, retryAfter: number): void {
    // The application's interval function may have planned it.
    const isFree = entry.cohort === undefined && entry.call === undefined && this.admits(entry)
    const { moment, draw, cohort } = round
    if (outcome === 'success' && isFree && cohort?.heap !== undefined && cohort.interval === entry.interval) {
      cohort.add(entry)
      return
    }
    const { jitter, retry } = this.#options
    const delay =
      outcome === 'own-failure'
        ? retryDelay(entry.interval, entry.failures?.ownCount ?? 1, retry, draw)
        : refreshDelay(entry.interval, jitter, draw)
    const due = moment.now + Math.max(SHORTEST_DELAY, delay, retryAfter)
    if (entry.failures !== undefined) entry.failures.retryAt = due
    if (!isFree) return
    const planned = this.#add(entry, moment, due)
    if (outcome === 'success') round.cohort = planned
  }

  /** An entry that was asked for (S8). It goes as soon as there is a slot. Returns whether that is now its plan. */
  ask(entry: Entry<Item>, moment: Moment): boolean {
    const { call, cohort, isDeleting } = entry
    if (call !== undefined || isDeleting) return false
    // What is due already keeps its place in the queue.
    const due = Math.min(cohort?.due ?? moment.now, moment.now)
    cohort?.remove(entry)
    this.urgent.add(entry, this.#terms(entry, moment, due))
    return true
  }

  /** An entry that `createBatches` left out (S7). */
  postpone(entry: Entry<Item>, moment: Moment): void {
    const isAskedFor = this.#requests.isWaiting(entry)
    const interval = entry.interval > 0 ? entry.interval : this.#options.retry.maxDelay
    // Who waits for it must not wait for ever.
    const isEndless = interval === Infinity && (isAskedFor || entry.refreshedAt === undefined)
    const due = moment.now + (isEndless ? LONGEST_WAIT : interval)
    const agenda = isAskedFor ? this.urgent : this.due
    agenda.add(entry, this.#terms(entry, moment, due))
    this.#touch(entry)
  }

  /** The cache was stopped: what was asked for is due like all else, and what is not refreshed by the clock is not. */
  forgetRequests(moment: Moment): void {
    for (let cohort = this.urgent.first; cohort !== undefined; cohort = this.urgent.first) {
      for (const entry of cohort.take(cohort.size)) {
        this.resume(entry, moment)
        this.#touch(entry)
      }
    }
  }

  /** The machine slept: what would be due within `ahead` ms is due (T2). */
  bringForward(moment: Moment, ahead: number): void {
    this.due.bringForward(moment, ahead)
    this.urgent.bringForward(moment, ahead)
    this.removals.bringForward(moment, ahead)
  }

  /** An entry that is marked for deletion (W5). */
  condemn(entry: Entry<Item>, moment: Moment): void {
    const { call, cohort } = entry
    // The end of the call that it is in removes it.
    if (call?.isAborted === false) return
    if (cohort === undefined && call === undefined && entry.interval === 0) this.#evaluateFirst(entry, moment)
    // The application's interval function may have removed it.
    if (entry.status === 'missing') return
    // What is occupied by something that is no call of its own is due already.
    const due = cohort?.due ?? (call === undefined ? moment.now + entry.interval : moment.now)
    entry.cohort?.remove(entry)
    this.removals.add(entry, this.#terms(entry, moment, due === Infinity ? moment.now : due))
  }

  /**
   * Asks the application for the entry's interval (S2).
   *
   * @returns the error, where what it says is none; then the last good one stays, else the longest retry delay is taken
   */
  evaluate(entry: Entry<Item>): { readonly error: unknown } | undefined {
    const { interval, retry } = this.#options
    if (typeof interval === 'number') return undefined
    const result = callInterval(interval, snapshotOf(entry), entry.id)
    // What was shown to the application had no next refresh yet.
    entry.snapshot = undefined
    if ('error' in result) {
      if (entry.interval === 0) entry.interval = retry.maxDelay
      return result
    }
    entry.interval = result.interval
    return undefined
  }

  #evaluateFirst(entry: Entry<Item>, moment: Moment): void {
    const failed = this.evaluate(entry)
    if (failed === undefined) return
    const streak = addFailure(entry, failed.error, true)
    streak.retryAt = moment.now + retryDelay(entry.interval, 1, this.#options.retry, this.#options.random())
  }

  /** When an entry that was never refreshed is due: at once, or one interval after its creation. */
  #firstDue(entry: Entry<Item>, moment: Moment): number {
    const due = this.#options.syncOnCreate ? moment.now : entry.createdAt.now + entry.interval
    return Math.max(due, entry.failures?.retryAt ?? due)
  }

  /** Waits for company: within a window of the first, or until a batch is full. */
  #receive(entry: Entry<Item>, moment: Moment): void {
    const open = this.#newcomers
    if (open !== undefined && open.heap !== undefined && moment.now < open.due) {
      open.add(entry)
    } else {
      const due = moment.now + this.#options.batchWindow
      this.#newcomers = this.due.addAlone(entry, this.#terms(entry, moment, due))
    }
    const waiting = this.#newcomers
    if (waiting === undefined || waiting.size < this.#options.batchSize) return
    this.#newcomers = undefined
    waiting.dueEpoch = moment.epoch
    this.due.hasten(waiting, moment.now)
    for (const each of waiting.members()) this.#touch(each)
  }

  #add(entry: Entry<Item>, moment: Moment, due: number): Cohort<Entry<Item>> | undefined {
    return this.due.add(entry, this.#terms(entry, moment, due))
  }

  #terms({ interval, failures }: Entry<Item>, moment: Moment, due: number): CohortTerms {
    return {
      due,
      dueEpoch: moment.epoch + (due - moment.now),
      interval,
      limit: failures?.batchLimit ?? Infinity,
      eager: failures === undefined,
    }
  }
}

type IntervalResult = { readonly interval: number } | { readonly error: unknown }

function callInterval<Item>(
  evaluate: (snapshot: ItemSnapshot<Item>, id: string) => number,
  snapshot: ItemSnapshot<Item>,
  id: string,
): IntervalResult {
  try {
    const interval: unknown = evaluate(snapshot, id)
    if (typeof interval === 'number' && interval > 0) return { interval }
    return {
      error: new RangeError(`interval must return a number above 0 (ms), but returned ${String(interval)}`),
    }
  } catch (error) {
    return { error }
  }
}
