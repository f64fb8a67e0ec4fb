import { type Item } from '../script.ts'
import { type SimulatedClock } from '../simulated-clock.ts'
import { type Violations } from '../violation.ts'
import { Audience, type Member } from './audience.ts'
import { type ModelCall } from './call.ts'
import { ModelEntry, type ErrorExpectation, NO_ERROR } from './entry.ts'
import { Evaluations } from './evaluations.ts'
import { Journal } from './journal.ts'
import { Planner } from './planner.ts'
import { isOf, type Request } from './request.ts'
import { areEqual, isTerminal, type Rules } from './rules.ts'

/** The items as the contract says that they are: what is there, what it is, and when it is to be refreshed. */
export class Model {
  readonly rules: Rules
  readonly clock: SimulatedClock
  readonly violations: Violations
  readonly entries = new Map<string, ModelEntry>()
  readonly audience = new Audience()
  readonly journal = new Journal()
  readonly evaluations: Evaluations
  readonly planner: Planner
  readonly requests = new Set<Request>()
  hasBeenAsked = false
  /** Calls that ended in this turn, and were taken in. */
  readonly ended = new Set<ModelCall>()
  /** Calls that have not ended, those that a stop has aborted among them. */
  readonly calls = new Set<ModelCall>()
  /** Responses that nobody asked for. */
  unexpected = 0
  /** Ids of which this turn can be told only in part: they were written in the middle of a write. */
  readonly vague = new Set<string>()

  constructor(rules: Rules, clock: SimulatedClock, violations: Violations) {
    this.rules = rules
    this.clock = clock
    this.violations = violations
    this.evaluations = new Evaluations(
      rules.interval === 'function' ? undefined : rules.interval,
      violations,
      (id) => this.vague.has(id),
    )
    this.planner = new Planner(rules, clock, this.evaluations, this.journal, (entry) =>
      this.isAskedFor(entry),
    )
  }

  create(id: string, item: Item): ModelEntry {
    // From here on the defect decides what is due, and when it is removed.
    const entry = this.assume(id, item)
    this.journal.tell(id, 'created')
    this.journal.change(id)
    if (isTerminal(item)) this.#end(entry, 'terminal')
    else this.planner.created(entry)
    this.#fillWindow()
    return entry
  }

  /** S1: those who wait for company are due at once when their batch is full, be it that they go later all the same (S7). */
  #fillWindow(): void {
    const { syncOnCreate, batchWindow, batchSize } = this.rules
    if (!syncOnCreate || batchWindow === 0) return
    const now = this.clock.now()
    const newcomers = [...this.entries.values()].filter(
      ({ createdMono, settledMono }) => settledMono === undefined && now < createdMono + batchWindow,
    )
    if (newcomers.length >= batchSize) for (const { id } of newcomers) this.journal.activity(id)
  }

  /** An item of which only the cache can tell that it is there: it was made in the middle of a write. */
  assume(id: string, item: Item): ModelEntry {
    const entry = new ModelEntry(id, item, this.clock.now(), this.clock.epoch())
    if (this.rules.interval !== 'function') entry.interval = Math.max(1, this.rules.interval)
    if (!this.audience.isObserved(id)) entry.unobservedSince = this.clock.now()
    this.entries.set(id, entry)
    return entry
  }

  /** W2, W3 */
  update(entry: ModelEntry, item: Item): void {
    const wasTerminal = entry.status === 'terminal'
    entry.validator = undefined
    entry.isValidatorVague = false
    entry.isRevisionVague = false
    this.write(entry, item)
    if (!wasTerminal || isTerminal(item)) return
    entry.status = 'active'
    entry.endedMono = undefined
    if (entry.createdMono + this.rules.maxAge <= this.clock.now()) this.#end(entry, 'expired')
    else this.planner.revived(entry)
    if (this.isAskedFor(entry)) this.planner.asked(entry)
  }

  /** A new value, of whatever origin. */
  write(entry: ModelEntry, item: Item): void {
    entry.item = item
    entry.revision += 1
    entry.changedAt = this.clock.epoch()
    this.journal.tell(entry.id, 'updated')
    this.journal.change(entry.id)
    if (isTerminal(item) && entry.status !== 'terminal') this.#end(entry, 'terminal')
  }

  expire(entry: ModelEntry): void {
    this.#end(entry, 'expired')
  }

  remove(entry: ModelEntry, how: string): void {
    this.entries.delete(entry.id)
    this.journal.tell(entry.id, how)
    this.journal.change(entry.id)
    for (const request of this.requests)
      if (request.entry === entry && request.expected === 'pending')
        request.expected = { kind: 'code', code: 'DELETED' }
  }

  /** W5; how long it stays depends on whether it is in a call. */
  mark(entry: ModelEntry): void {
    if (entry.isDeleting) return
    if (entry.isAdopted) this.vague.add(entry.id)
    const isInCall = this.callOf(entry) !== undefined
    if (!isInCall && this.mayBeHeld(entry.id)) {
      entry.removal = { lo: this.clock.now(), hi: Infinity }
      // Where the cache knows that it is not held any more, it may have to ask for the first interval (W5, S2).
      if (!this.#isSurelyHeld(entry.id) && !entry.isEvaluated && entry.interval === undefined)
        this.vague.add(entry.id)
    } else if (!isInCall && this.mayBeLeft(entry.id)) {
      // Whether it is planned, by which it goes, is not known.
      if (entry.interval === undefined) this.vague.add(entry.id)
      this.planner.markedUnsurely(entry)
    } else
      this.planner.marked(
        entry,
        isInCall,
        (this.isPlannable(entry) && entry.due.lo !== Infinity) || this.isAskedFor(entry),
      )
    this.journal.change(entry.id)
  }

  /** W8, W11, W7: what a sync or a push brings. Whether something was written. */
  bring(entry: ModelEntry, item: Item, validator: unknown): boolean {
    if (entry.status === 'terminal' && !isTerminal(item)) {
      entry.isValidatorVague = true
      return false
    }
    entry.validator = validator
    entry.isValidatorVague = false
    if (areEqual(this.rules, entry.item, item)) return false
    this.write(entry, item)
    return true
  }

  /** F3; `hasWritten`: for the count of those that changed nothing. */
  succeed(entry: ModelEntry, hasWritten: boolean, isPushed = false): void {
    if (entry.failureCount !== 0 || entry.error !== NO_ERROR) this.journal.change(entry.id)
    entry.failureCount = 0
    entry.failureSlack = 0
    entry.ownFailures = 0
    entry.callFailures = 0
    entry.limit = Infinity
    entry.error = NO_ERROR
    entry.refreshedAt = this.clock.epoch()
    entry.settledMono = this.clock.now()
    entry.refreshedMono = this.clock.now()
    entry.unchangedCount = hasWritten ? 0 : entry.unchangedCount + 1
    this.journal.activity(entry.id)
    if (entry.status === 'active' && !this.vague.has(entry.id)) entry.isAdopted = false
    if (this.#isPlanned(entry)) this.planner.succeeded(entry, isPushed)
  }

  /** F1 */
  fail(
    entry: ModelEntry,
    error: ErrorExpectation,
    isOwn: boolean,
    retryAfter: unknown,
    isPushed = false,
  ): void {
    entry.failureCount += 1
    if (isOwn) entry.ownFailures += 1
    entry.failureSlack = 0
    entry.error = error
    entry.settledMono = this.clock.now()
    this.journal.change(entry.id)
    if (this.#isPlanned(entry)) this.planner.failed(entry, isOwn, retryAfter, isPushed)
    else this.planner.failedUnplanned(entry, retryAfter)
  }

  join(member: Member): void {
    const entry = this.entries.get(member.id)
    if (entry !== undefined) {
      // Who leaves in this turn may have left already.
      const isSure = !this.audience.isObserved(member.id)
      const isFirst = isSure || this.audience.mayBeUnobserved(member.id)
      if (isFirst && !this.rules.refreshUnobserved) this.planner.observed(entry, isSure)
      if (entry.unobservedSince !== undefined && member.kind !== 'listener')
        entry.unobservedMaybeSince = Math.min(entry.unobservedSince, entry.unobservedMaybeSince ?? Infinity)
      entry.unobservedSince = undefined
    }
    this.audience.join(member)
  }

  leave(member: Member): void {
    if (!this.audience.leave(member)) return
    const entry = this.entries.get(member.id)
    if (entry !== undefined) entry.unobservedSince = this.clock.now()
  }

  /** Whether the item can be due at all (S9). */
  isPlannable(entry: ModelEntry): boolean {
    if (entry.status !== 'active' || entry.isDeleting) return false
    return this.rules.refreshUnobserved || this.audience.isObserved(entry.id)
  }

  /** S9: what has changed in this turn may have been what its last observer waited for. */
  mayBeLeft(id: string): boolean {
    if (this.rules.refreshUnobserved || this.journal.changes(id) === 0) return false
    return this.audience.isObserved(id) && this.audience.mayBeUnobserved(id)
  }

  isAskedFor(entry: ModelEntry): boolean {
    for (const request of this.requests)
      if (isOf(request, entry) && request.servedBy === undefined && request.actual === 'pending')
        if (request.expected === 'pending' || request.expected === 'vague') return true
    return false
  }

  /** The call that the item is in. */
  callOf(entry: ModelEntry): ModelCall | undefined {
    for (const call of this.calls) {
      const sent = call.sent.get(entry.id)
      if (sent?.entry === entry && call.isActive && !sent.isApplied) return call
    }
    return undefined
  }

  /** Whether a call holds the id: its own, that of an earlier incarnation, or an aborted one (S3, L4). */
  isHeld(id: string): boolean {
    for (const call of this.calls)
      if (call.sent.get(id)?.isApplied === false && this.occupies(call)) return true
    return false
  }

  /** As `isHeld`, or held until a moment ago: an aborted call that has answered, which the cache is about to see. */
  mayBeHeld(id: string): boolean {
    for (const { state, sent } of this.calls) if (state === 'aborted' && sent.has(id)) return true
    return this.isHeld(id)
  }

  /** As `isHeld`, and not by a call that has settled, which the cache may have taken in a moment ago. */
  #isSurelyHeld(id: string): boolean {
    for (const call of this.calls)
      if (call.sent.get(id)?.isApplied === false && call.state !== 'settling' && this.occupies(call))
        return true
    return false
  }

  /** Whether the call has a slot. */
  occupies(call: ModelCall): boolean {
    if (call.state === 'running' || (call.state === 'settling' && !call.isOpened)) return true
    return (
      call.state === 'aborted' && !call.hasAnswered && this.clock.now() < call.startedAt + this.rules.timeout
    )
  }

  /** Whether a settlement plans the next refresh; where not, it plans none. */
  #isPlanned(entry: ModelEntry): boolean {
    if (entry.status === 'active' && !entry.isDeleting) return true
    if (entry.isDeleting) this.evaluations.allow(entry.id)
    else this.planner.none(entry)
    return false
  }

  #end(entry: ModelEntry, how: 'terminal' | 'expired'): void {
    entry.status = how
    entry.endedMono = this.clock.now()
    if (!this.isAskedFor(entry)) this.planner.none(entry)
    this.journal.tell(entry.id, how)
    this.journal.change(entry.id)
  }
}
