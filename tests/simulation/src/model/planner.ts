import { type SimulatedClock } from '../simulated-clock.ts'
import { type ModelEntry, NEVER, type Window } from './entry.ts'
import { type Evaluated, type Evaluations } from './evaluations.ts'
import { type Journal } from './journal.ts'
import { type Rules, type Share } from './rules.ts'

/** When the contract has each item refreshed, as windows. */
export class Planner {
  readonly #rules: Rules
  readonly #clock: SimulatedClock
  readonly #evaluations: Evaluations

  readonly #journal: Journal
  readonly #isAskedFor: (entry: ModelEntry) => boolean

  constructor(
    rules: Rules,
    clock: SimulatedClock,
    evaluations: Evaluations,
    journal: Journal,
    isAskedFor: (entry: ModelEntry) => boolean,
  ) {
    this.#journal = journal
    this.#isAskedFor = isAskedFor
    this.#rules = rules
    this.#clock = clock
    this.#evaluations = evaluations
  }

  /** S1 */
  created(entry: ModelEntry): void {
    const now = this.#clock.now()
    if (this.#rules.syncOnCreate) this.#set(entry, { lo: now, hi: now + this.#rules.batchWindow }, false)
    else
      this.#evaluations.expect(entry, (value) => {
        const interval = this.#take(entry, value)
        this.#set(
          entry,
          spread(now, interval, { least: 0, most: value === 'bad' ? this.#most : 0 }),
          value !== 'bad',
        )
      })
  }

  /** S2, and the bad interval that is a failure. */
  succeeded(entry: ModelEntry, isPushed = false): void {
    const now = this.#clock.now()
    this.#evaluations.expect(entry, (value) => {
      const interval = this.#take(entry, value)
      const share =
        value === 'bad'
          ? { least: 0, most: this.#most }
          : { ...this.#rules.jitter, ...(isPushed ? { least: 0 } : {}) }
      entry.notBefore = value === 'bad' ? now + interval : 0
      this.#set(entry, spread(now, interval, share), value !== 'bad')
    })
  }

  /** F2 */
  failed(entry: ModelEntry, isOwn: boolean, retryAfter: unknown, isPushed: boolean): void {
    const now = this.#clock.now()
    const wait = waitOf(retryAfter)
    this.#evaluations.expect(entry, (value) => {
      const { factor, maxDelay, retryJitter } = this.#rules
      if (value !== 'bad') entry.interval = value
      entry.isEvaluated = true
      const interval = entry.interval ?? maxDelay
      if (!isPushed) entry.failedInterval = interval
      let [least, most] = [interval, interval]
      if (isOwn) {
        const backoff = (count: number): number =>
          Math.min(interval * factor ** (count - 1), Math.max(maxDelay, interval))
        least = backoff(entry.ownFailures)
        // A bad interval is one more failure, or the same one.
        most = value === 'bad' ? backoff(entry.ownFailures + 1) : least
        if (entry.isAdopted) [least, most] = [interval, Math.max(maxDelay, interval)]
      }
      if (value === 'bad') entry.failureSlack = 1
      const share = isOwn && value !== 'bad' ? retryJitter : { least: 0, most: this.#most }
      const window = {
        lo: Math.max(spread(now, least, share).lo, now + wait),
        hi: Math.max(spread(now, most, share).hi, now + wait * (1 + this.#most)),
      }
      entry.notBefore = window.lo
      this.#set(entry, window, false)
    })
  }

  /** An item that is not planned failed: that counts if it comes back (W3). */
  failedUnplanned(entry: ModelEntry, retryAfter: unknown): void {
    entry.notBefore = this.#clock.now() + waitOf(retryAfter) * (1 + this.#most)
  }

  /** S7: left out by the application. */
  leftOut(entry: ModelEntry): void {
    const now = this.#clock.now()
    const interval = entry.interval ?? this.#rules.maxDelay
    this.#set(entry, { lo: now, hi: now + Math.max(interval, 60_000) * (1 + this.#most) }, true)
  }

  /** W3: not terminal any more. */
  revived(entry: ModelEntry): void {
    const { planned, mayBeEarly } = this.#lifeAgain(entry)
    this.#set(entry, planned, mayBeEarly)
    // If a stop ends what was asked for, this holds.
    if (this.#isAskedFor(entry)) entry.unaskedHi = planned.hi
  }

  #lifeAgain(entry: ModelEntry): { readonly planned: Window; readonly mayBeEarly: boolean } {
    const now = this.#clock.now()
    const interval = entry.interval ?? (entry.isEvaluated ? this.#rules.maxDelay : undefined)
    if (interval === undefined || entry.settledMono === undefined) {
      const first = this.#rules.syncOnCreate ? now : entry.createdMono + (interval ?? 0)
      const failed = entry.failureCount > 0 ? now + this.#rules.maxDelay * (1 + this.#most) : now
      const lo = Math.min(now, first, entry.settledMono ?? now)
      return { planned: { lo, hi: Math.max(now, failed, first, entry.notBefore) }, mayBeEarly: false }
    }
    const from = entry.settledMono
    const lo = entry.isAdopted ? 0 : from + interval
    const failed =
      entry.failureCount > 0 ? from + Math.max(interval, this.#rules.maxDelay) * (1 + this.#most) : 0
    const hi = Math.max(now, from + interval * (1 + this.#most), failed, entry.notBefore)
    const latest = Math.max(hi, entry.notBefore * (1 + this.#most))
    return { planned: { lo: Math.min(lo, hi), hi: latest }, mayBeEarly: true }
  }

  /** W5 */
  marked(entry: ModelEntry, isInCall: boolean, isPlanned: boolean): void {
    const now = this.#clock.now()
    if (isInCall) entry.removal = NEVER
    else if (isPlanned) {
      // What the application has divided goes with its batch, be it early.
      const lo = this.#rules.batches === 'default' ? Math.max(now, entry.due.lo) : now
      entry.removal = { lo, hi: entry.isPlaceVague ? Infinity : Math.max(now, entry.due.hi) }
    } else {
      entry.removal = NEVER
      const mark = (interval: number): void => {
        entry.removal =
          interval === Infinity ? { lo: now, hi: now } : spread(now, interval, { least: 0, most: this.#most })
      }
      if (entry.isAdopted) {
        this.#evaluations.allow(entry.id)
        entry.removal = { lo: now, hi: Infinity }
      } else if (!entry.isEvaluated && entry.interval === undefined)
        this.#evaluations.expect(entry, (value) => {
          if (value === 'bad') {
            this.#take(entry, value)
          }
          mark(value === 'bad' ? this.#rules.maxDelay : value)
        })
      else mark(entry.interval ?? this.#rules.maxDelay)
    }
  }

  /** W5, of an item that is planned or not. */
  markedUnsurely(entry: ModelEntry): void {
    const now = this.#clock.now()
    const interval = entry.interval ?? Infinity
    entry.removal = { lo: now, hi: Math.max(now, entry.due.hi, now + interval * (1 + this.#most)) }
  }

  /** S9: due when its interval since its last refresh has passed. `isSure`: nobody observed it until now. */
  observed(entry: ModelEntry, isSure: boolean): void {
    const now = this.#clock.now()
    const { plannedWall } = entry
    if (entry.status !== 'active') return
    const since = (entry.settledMono ?? entry.createdMono) + (entry.interval ?? 0)
    this.#set(
      entry,
      { lo: Math.min(entry.due.lo, Math.max(now, since)), hi: Math.max(now, entry.due.hi, entry.notBefore) },
      entry.mayBeEarly,
    )
    // Who was observed all the time keeps its plan, and that the wall clock of then.
    if (!isSure) entry.plannedWall = Math.max(plannedWall, entry.plannedWall)
  }

  /** S8 */
  asked(entry: ModelEntry): void {
    const now = this.#clock.now()
    // Asked again, it is without that as it was before.
    const isKnown = entry.unaskedHi !== undefined && this.#isAskedFor(entry)
    if (!isKnown) entry.unaskedHi = Math.max(entry.due.hi, now)
    this.#set(entry, { lo: Math.min(now, entry.due.lo), hi: Math.min(now, entry.due.hi) }, false)
  }

  /** S3: what waited for the call of an earlier incarnation. */
  unblocked(entry: ModelEntry): void {
    const now = this.#clock.now()
    this.#set(entry, { lo: Math.min(now, entry.due.lo), hi: Math.max(now, entry.due.hi) }, false)
  }

  /** S9; what is asked for goes all the same, and keeps its place (S8). */
  none(entry: ModelEntry): void {
    if (!this.#isAskedFor(entry)) entry.due = NEVER
  }

  get #most(): number {
    return Math.max(this.#rules.jitter.most, this.#rules.retryJitter.most)
  }

  /** The interval to use; a bad one is a failure of the item. */
  #take(entry: ModelEntry, value: Evaluated): number {
    entry.isEvaluated = true
    if (value !== 'bad') {
      entry.interval = value
      return value
    }
    entry.failureCount += 1
    entry.ownFailures += 1
    entry.error = { kind: 'any' }
    this.#journal.change(entry.id)
    return entry.interval ?? this.#rules.maxDelay
  }

  #set(entry: ModelEntry, planned: Window, mayBeEarly: boolean): void {
    const now = this.#clock.now()
    // What is asked for keeps the place that it has, whatever is pushed meanwhile (S8).
    const due = this.#isAskedFor(entry)
      ? { lo: Math.min(now, planned.lo, entry.due.lo), hi: Math.min(now, planned.hi) }
      : planned
    entry.due = due
    if (planned.lo > now) {
      entry.isPlaceVague = false
      entry.unaskedHi = due === planned ? undefined : planned.hi
      entry.plannedHi = planned.hi
    }
    entry.plannedAt = this.#clock.now()
    entry.plannedWall = this.#clock.epoch() - this.#clock.now()
    entry.mayBeEarly = mayBeEarly
  }
}

/** ms; F2: what is no number above 0 is none. */
function waitOf(retryAfter: unknown): number {
  const isUsable = typeof retryAfter === 'number' && retryAfter > 0
  return isUsable ? Math.min(retryAfter, 86_400_000) : 0
}

function spread(now: number, delay: number, share: Share): Window {
  // What is added to the shortest delay may be taken in by the shortest delay.
  return { lo: now + (delay > 1 ? delay * (1 + share.least) : delay), hi: now + delay * (1 + share.most) }
}
