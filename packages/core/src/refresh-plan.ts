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
  /** The new entries whose batch window is open. */
  #newcomers: Cohort<Entry<Item>> | undefined = undefined

  constructor(options: ResolvedOptions<Item>, requests: Requests<Item>, changed: () => void) {
    this.#options = options
    this.#requests = requests
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
    if (!this.admits(entry) || entry.call !== undefined) return
    if (syncOnCreate && batchWindow > 0) this.#receive(entry, moment)
    else this.#add(entry, moment, this.#firstDue(entry, moment))
  }

  /** An entry that may be refreshed again: it came back to life (W3), or is observed (S9). */
  resume(entry: Entry<Item>, moment: Moment): void {
    if (!this.admits(entry) || entry.call !== undefined || entry.cohort !== undefined) return
    const refreshedAt = entry.refreshedAt?.now
    const due = refreshedAt === undefined ? this.#firstDue(entry, moment) : refreshedAt + entry.interval
    this.#add(entry, moment, Math.max(due, entry.failures?.retryAt ?? due))
  }

  /** An entry that is not to be refreshed by the clock any more. One that was asked for, or is marked, stays planned. */
  withdraw(entry: Entry<Item>): void {
    if (entry.isDeleting || this.#requests.isWaiting(entry)) return
    entry.cohort?.remove(entry)
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
    const due = moment.now + Math.max(delay, retryAfter)
    if (entry.failures !== undefined) entry.failures.retryAt = due
    if (!isFree) return
    const planned = this.#add(entry, moment, due)
    if (outcome === 'success') round.cohort = planned
  }

  /** An entry that was asked for (S8). It goes as soon as there is a slot. */
  ask(entry: Entry<Item>, moment: Moment): void {
    if (entry.call !== undefined) return
    entry.cohort?.remove(entry)
    this.urgent.add(entry, this.#terms(entry, moment, moment.now))
  }

  /** An entry that `createBatches` left out (S7). */
  postpone(entry: Entry<Item>, moment: Moment): void {
    const interval = entry.interval > 0 ? entry.interval : this.#options.retry.maxDelay
    const agenda = this.#requests.isWaiting(entry) ? this.urgent : this.due
    agenda.add(entry, this.#terms(entry, moment, moment.now + interval))
  }

  /** The cache was stopped: what was asked for is due like all else, and what is not refreshed by the clock is not. */
  forgetRequests(moment: Moment): void {
    for (let cohort = this.urgent.first; cohort !== undefined; cohort = this.urgent.first) {
      const [entry] = cohort.members()
      if (entry === undefined) return
      cohort.remove(entry)
      this.resume(entry, moment)
    }
  }

  /** The machine slept: what would be due within `ahead` ms is due (T2). */
  bringForward(now: number, ahead: number): void {
    this.due.bringForward(now, ahead)
    this.urgent.bringForward(now, ahead)
    this.removals.bringForward(now, ahead)
  }

  /** An entry that is marked for deletion (W5). */
  condemn(entry: Entry<Item>, moment: Moment): void {
    const { call, cohort } = entry
    // The end of the call that it is in removes it.
    if (call?.isAborted === false) return
    cohort?.remove(entry)
    if (cohort === undefined && entry.interval === 0) this.#evaluateFirst(entry, moment)
    // What waits for an end of a call that is not its own is due already.
    const due = cohort?.due ?? (call === undefined ? moment.now + entry.interval : moment.now)
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
      this.#newcomers = this.#add(entry, moment, moment.now + this.#options.batchWindow)
    }
    const waiting = this.#newcomers
    if (waiting === undefined || waiting.size < this.#options.batchSize) return
    this.#newcomers = undefined
    this.due.hasten(waiting, moment.now)
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
