import { type ModelCall, type Outcome, type Sent, type Verdict } from './call.ts'
import { type ModelEntry } from './entry.ts'
import { type Model } from './model.ts'
import { type ModelOutage } from './outage.ts'
import { verdictOfMissing } from './interpret.ts'
import { type Request } from './request.ts'

/** What becomes of items when a call settles, and when something is pushed. */
export class Settlement {
  readonly #model: Model
  readonly #outage: ModelOutage
  /** Whether the item that the cache has is this one; asked only where two orders are both right. */
  readonly #has: (id: string, item: unknown) => boolean

  constructor(model: Model, outage: ModelOutage, has: (id: string, item: unknown) => boolean) {
    this.#model = model
    this.#outage = outage
    this.#has = has
  }

  /** The call has come to its end; the cache takes that in before the turn ends. */
  end(call: ModelCall, outcome: Outcome): void {
    if (call.state !== 'running') return
    call.outcome = outcome
    call.state = 'settling'
    // They are taken in in the order in which they end.
    this.#model.calls.delete(call)
    this.#model.calls.add(call)
  }

  /** The cache has begun to take the outcome in. */
  open(call: ModelCall): void {
    const { outcome } = call
    if (call.isOpened || outcome === undefined) return
    call.isOpened = true
    if (!outcome.hasFailed) {
      this.#model.unexpected += outcome.unexpected
      return this.#outage.succeeded()
    }
    call.doesSplit = !this.#outage.isOn
    call.isInOutage = this.#outage.failed(call, this.#model.clock.now())
  }

  finish(call: ModelCall): void {
    this.open(call)
    for (const [id, sent] of call.sent) this.apply(call, id, sent)
    call.state = 'done'
    this.#model.calls.delete(call)
    this.#model.ended.add(call)
  }

  apply(call: ModelCall, id: string, sent: Sent): void {
    const { outcome } = call
    if (sent.isApplied || outcome === undefined) return
    this.open(call)
    const model = this.#model
    const isMarked = sent.entry.isDeleting
    sent.isApplied = true
    const entry = model.entries.get(id)
    if (entry === undefined) return
    if (entry !== sent.entry) {
      this.#unblock(entry)
      return
    }
    if (sent.isVague) model.vague.add(id)
    if (isMarked) {
      model.remove(entry, 'deleted:delayed|gone')
      return
    }
    if (outcome.hasFailed) this.#failWith(call, entry, outcome)
    else
      this.#applyVerdict(call, entry, sent, outcome.verdicts.get(id) ?? verdictOfMissing(model.rules.missing))
    if (model.entries.get(id) === entry && model.isAskedFor(entry)) model.planner.asked(entry)
  }

  /** W10: as a sync result of this moment. */
  push(verdicts: ReadonlyMap<string, Verdict>): void {
    for (const [id, verdict] of verdicts) {
      const entry = this.#model.entries.get(id)
      if (entry === undefined) continue
      if (verdict.says === 'delete') this.#model.remove(entry, 'deleted:gone')
      else if (verdict.says === 'fail') this.#model.fail(entry, verdict.error, true, verdict.retryAfter, true)
      else if (!this.#bring(entry, verdict, true) && verdict.says === 'update') entry.isRevisionVague = true
      if (this.#model.entries.get(id) === entry && this.#model.isAskedFor(entry))
        this.#model.planner.asked(entry)
    }
  }

  #applyVerdict(call: ModelCall, entry: ModelEntry, sent: Sent, verdict: Verdict): void {
    const model = this.#model
    if (verdict.says === 'fail') {
      model.fail(entry, verdict.error, true, verdict.retryAfter)
      this.#answerRequests(call, entry, verdict.error)
      return
    }
    const isOutdated = this.#isOutdated(entry, sent, verdict)
    if (verdict.says === 'delete' && !isOutdated) {
      model.remove(entry, 'deleted:gone')
      return
    }
    if (isOutdated || verdict.says === 'delete') model.succeed(entry, false)
    else this.#bring(entry, verdict, false)
    this.#answerRequests(call, entry, 'done')
  }

  /** Whether something was written. */
  #bring(
    entry: ModelEntry,
    verdict: Extract<Verdict, { says: 'update' | 'unchanged' }>,
    isPushed: boolean,
  ): boolean {
    let hasWritten = false
    if (verdict.says === 'update') {
      hasWritten = this.#model.bring(entry, verdict.item, verdict.validator)
    } else if (verdict.validator !== undefined) {
      entry.validator = verdict.validator
      entry.isValidatorVague = entry.status === 'terminal'
    }
    this.#model.succeed(entry, hasWritten, isPushed)
    return hasWritten
  }

  /** W6, of results that change something. */
  #isOutdated(entry: ModelEntry, sent: Sent, verdict: Verdict): boolean {
    if (entry.revision !== sent.revision) return true
    if (!entry.isRevisionVague) return false
    this.#model.vague.add(entry.id)
    if (verdict.says === 'delete') return this.#has(entry.id, entry.item)
    return verdict.says === 'update' && !this.#has(entry.id, verdict.item)
  }

  #failWith(call: ModelCall, entry: ModelEntry, outcome: Extract<Outcome, { hasFailed: true }>): void {
    const { size } = call.sent
    if (call.doesSplit) {
      entry.callFailures += 1
      if (entry.callFailures >= 2) entry.limit = Math.ceil(size / 2)
    }
    this.#model.fail(entry, outcome.error, size === 1 || call.isInOutage, outcome.retryAfter)
    this.#answerRequests(call, entry, outcome.error)
  }

  #answerRequests(call: ModelCall, entry: ModelEntry, answer: Request['expected']): void {
    for (const request of this.#model.requests)
      if (request.entry === entry && request.servedBy === call && request.expected === 'pending')
        request.expected = answer
  }

  /** S3: an item whose id was in the call of an earlier incarnation waited for this. */
  #unblock(entry: ModelEntry): void {
    if (this.#model.isHeld(entry.id)) return
    if (entry.isDeleting) return
    if (entry.status === 'active') this.#model.planner.unblocked(entry)
  }
}
