import type { BatchSources } from './dispatch/batches.ts'
import { addFailure, type Entry } from './entry.ts'
import type { Moment } from './environment/clock.ts'
import type { ResolvedOptions } from './options.ts'
import { refreshDelay, retryDelay } from './policy/next-delay.ts'
import { Agenda, CLOCK_WAS_SET } from './schedule/agenda.ts'
import { Cohort } from './schedule/cohort.ts'
import { snapshotOf } from './snapshot.ts'

/** ms; timers know no less, and an interval below would never let go of the processor. */
const SHORTEST_DELAY = 1

/** ms by which `createBatches` puts off an item whose interval is endless. */
const LONGEST_WAIT = 60_000

/** Entries that settle together: they are planned by one draw, and go together again where they can (S5). */
export interface Round {
  readonly moment: Moment
  /** A random number, at least 0 and below 1. */
  readonly draw: number
}

/** When each entry is refreshed, or removed, next: the only place that gives due times. */
export interface RefreshPlan<Item> extends BatchSources<Item> {
  /** Entries that are marked for deletion, at the time of their next sync cycle. */
  readonly removals: Agenda<Entry<Item>>
  /** Whether the entry is one that is refreshed by the clock (S9). */
  readonly admits: (entry: Entry<Item>) => boolean
  /** Whether the entry waits for a call: it is due, or new and waits for company only (C2). */
  readonly isDue: (entry: Entry<Item>, now: number) => boolean
  /** A new entry (S1). */
  readonly begin: (entry: Entry<Item>, moment: Moment) => void
  /** An entry that may be refreshed again: it came back to life (W3), or is observed (S9). */
  readonly resume: (entry: Entry<Item>, moment: Moment) => void
  /** An entry that is not to be refreshed by the clock any more. One that was asked for, or is marked, stays planned. */
  readonly withdraw: (entry: Entry<Item>) => void
  /**
   * An entry that settled, or was ingested.
   *
   * @param isOwnFailure it failed because of itself, not only because its call did (F2)
   */
  readonly next: (entry: Entry<Item>, isOwnFailure: boolean, round: Round, retryAfter: number) => void
  /** An entry that was asked for (S8). It goes as soon as there is a slot. */
  readonly ask: (entry: Entry<Item>, moment: Moment) => void
  /** An entry that `createBatches` left out (S7). */
  readonly postpone: (entry: Entry<Item>, moment: Moment) => void
  /** The cache was stopped: what was asked for is due like all else, and what is not refreshed by the clock is not. */
  readonly forgetRequests: (moment: Moment) => void
  /** The two clocks go together from now on: a run begins, or the machine slept, and what would be due within `ahead` ms is due (T2). */
  readonly synchronize: (moment: Moment, ahead: number) => void
  /** An entry that is marked for deletion (W5). */
  readonly condemn: (entry: Entry<Item>, moment: Moment) => void
  /**
   * Asks the application for the entry's interval (S2).
   *
   * @returns the error, where what it says is none; then the last good one stays, else the longest retry delay is taken
   */
  readonly evaluate: (entry: Entry<Item>) => { readonly error: unknown } | undefined
}

/**
 * @param isAskedFor whether somebody waits for a refresh of the entry
 * @param replanned called for an entry whose next refresh may be another than before
 */
export function createRefreshPlan<Item>(
  options: ResolvedOptions<Item>,
  isAskedFor: (entry: Entry<Item>) => boolean,
  replanned: (entry: Entry<Item>) => void,
): RefreshPlan<Item> {
  const { interval, syncOnCreate, batchWindow, batchSize, refreshUnobserved, jitter, retry, random } = options
  const [due, urgent, removals] = [
    new Agenda<Entry<Item>>(),
    new Agenda<Entry<Item>>(),
    new Agenda<Entry<Item>>(),
  ]
  /** The new entries whose batch window is open. */
  let newcomers: Cohort<Entry<Item>> | undefined

  function admits(entry: Entry<Item>): boolean {
    return (
      entry.status === 'active' && !entry.isDeleting && (refreshUnobserved || entry.subscribers !== undefined)
    )
  }

  function isFree(entry: Entry<Item>): boolean {
    return entry.cohort === undefined && entry.call === undefined && admits(entry)
  }

  function plan(agenda: Agenda<Entry<Item>>, entry: Entry<Item>, at: number, moment: Moment): void {
    agenda.plan(entry, at, moment)
    replanned(entry)
  }

  function resume(entry: Entry<Item>, moment: Moment): void {
    // The application's interval function may have planned it, or removed it.
    if (!isFree(entry)) return
    const { refreshedAt, createdAt, failures } = entry
    const last = refreshedAt ?? (syncOnCreate ? undefined : createdAt)
    const at = last === undefined ? moment.now : last.now + entry.interval
    plan(due, entry, Math.max(at, failures?.retryAt ?? at), moment)
  }

  /** Waits for company: within a window of the first, or until a batch is full. */
  function receive(entry: Entry<Item>, moment: Moment): void {
    const { now, epoch } = moment
    if (newcomers?.heap !== undefined && now < newcomers.due) {
      newcomers.add(entry)
      const dueEpoch = epoch + (newcomers.due - now)
      // Ahead it is by a sleep, too, after which those who waited are overdue (T2).
      if (newcomers.dueEpoch - dueEpoch >= CLOCK_WAS_SET) {
        newcomers.dueEpoch = dueEpoch
        newcomers.members().forEach(replanned)
      }
    } else {
      newcomers = new Cohort<Entry<Item>>().begin(entry, now + batchWindow, epoch + batchWindow)
      newcomers.isGathering = true
      due.push(newcomers)
    }
    if (newcomers.size < batchSize) return
    newcomers.due = now
    newcomers.dueEpoch = epoch
    due.update(newcomers)
    newcomers.members().forEach(replanned)
  }

  function evaluate(entry: Entry<Item>): { readonly error: unknown } | undefined {
    if (typeof interval === 'number') return undefined
    try {
      const result: unknown = interval(snapshotOf(entry), entry.id)
      if (typeof result !== 'number' || !(result > 0)) {
        throw new RangeError(`interval must return a number above 0 (ms), but returned ${String(result)}`)
      }
      entry.interval = result
      return undefined
    } catch (error) {
      if (entry.interval === 0) entry.interval = retry.maxDelay
      return { error }
    } finally {
      // What was shown to the application had no next refresh yet.
      entry.snapshot = undefined
    }
  }

  function evaluateFirst(entry: Entry<Item>, moment: Moment): void {
    const failed = evaluate(entry)
    if (failed === undefined) return
    const streak = addFailure(entry, failed.error, true)
    streak.retryAt = moment.now + retryDelay(entry.interval, 1, retry, random())
  }

  return {
    due,
    urgent,
    removals,
    admits,
    resume,
    evaluate,
    isDue: ({ cohort, isDeleting }, now) =>
      cohort !== undefined && !isDeleting && (cohort.due <= now || cohort.isGathering),
    begin(entry, moment) {
      if (typeof interval === 'number') entry.interval = interval
      else if (!syncOnCreate && entry.status === 'active') evaluateFirst(entry, moment)
      if (syncOnCreate && batchWindow > 0 && isFree(entry)) receive(entry, moment)
      else resume(entry, moment)
    },
    withdraw(entry) {
      if (entry.isDeleting || isAskedFor(entry) || entry.cohort === undefined) return
      entry.cohort.remove(entry)
      replanned(entry)
    },
    next(entry, isOwnFailure, round, retryAfter) {
      const { failures, interval: ms } = entry
      const { moment, draw } = round
      const delay = isOwnFailure
        ? retryDelay(ms, failures?.ownCount ?? 1, retry, draw)
        : refreshDelay(ms, jitter, draw)
      const at = moment.now + Math.max(SHORTEST_DELAY, delay, retryAfter)
      if (failures !== undefined) failures.retryAt = at
      // The application's interval function may have planned it.
      if (isFree(entry)) due.plan(entry, at, moment)
    },
    ask(entry, moment) {
      const { call, cohort, isDeleting } = entry
      if (call !== undefined || isDeleting) return
      // What is due already keeps its place in the queue.
      const at = Math.min(cohort?.due ?? moment.now, moment.now)
      cohort?.remove(entry)
      plan(urgent, entry, at, moment)
    },
    postpone(entry, moment) {
      const ms = entry.interval > 0 ? entry.interval : retry.maxDelay
      // Who waits for it must not wait for ever.
      const wait = ms === Infinity ? LONGEST_WAIT : ms
      plan(isAskedFor(entry) ? urgent : due, entry, moment.now + wait, moment)
    },
    forgetRequests(moment) {
      for (let first = urgent.first; first !== undefined; first = urgent.first) {
        for (const entry of first.take(first.size)) {
          resume(entry, moment)
          replanned(entry)
        }
      }
    },
    synchronize(moment, ahead) {
      for (const agenda of [due, urgent, removals]) agenda.synchronize(moment, ahead, replanned)
    },
    condemn(entry, moment) {
      const { call, cohort } = entry
      // The end of the call that it is in removes it.
      if (call?.isAborted === false) return
      if (cohort === undefined && call === undefined && entry.interval === 0) evaluateFirst(entry, moment)
      // The application's interval function may have removed it.
      if (entry.status === 'missing') return
      // What is occupied by something that is no call of its own is due already.
      const at = cohort?.due ?? moment.now + (call === undefined ? entry.interval : 0)
      entry.cohort?.remove(entry)
      removals.plan(entry, at === Infinity ? moment.now : at, moment)
    },
  }
}
