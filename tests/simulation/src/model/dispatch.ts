import { type Batch } from '@auto-refresh/core'
import { type Item } from '../script.ts'
import { ModelCall, type Sent } from './call.ts'
import { type ModelEntry } from './entry.ts'
import { type Life } from './life.ts'
import { type Model } from './model.ts'
import { type ModelOutage } from './outage.ts'
import { isOf } from './request.ts'
import { type Rules } from './rules.ts'
import { TokenBucket } from './token-bucket.ts'

/** S10: timers are set in whole ms. */
const ROUNDING = 1e-6

/** Whether a call may start now, and with what (S3 to S8, F5, F6, T3, L3). */
export class Dispatch {
  readonly #model: Model
  readonly #life: Life
  readonly #outage: ModelOutage
  readonly #isGateOpen: () => boolean
  readonly bucket: TokenBucket | undefined
  started = 0

  constructor(model: Model, life: Life, outage: ModelOutage, isGateOpen: () => boolean) {
    this.#model = model
    this.#life = life
    this.#outage = outage
    this.#isGateOpen = isGateOpen
    const { rateLimit } = model.rules
    this.bucket = rateLimit && new TokenBucket(rateLimit, model.clock.now())
  }

  /** The cache calls the sync function. */
  start(batch: Batch<Item>): ModelCall {
    const model = this.#model
    const { violations, clock } = model
    const now = clock.now()
    violations.check(this.#life.isRunning, 'L3', () => 'a sync call starts while the cache is stopped')
    violations.check(batch.length > 0, 'S6', () => 'a sync call starts with nothing in it')
    this.#checkLimits(batch.length, now)
    const entries = this.#checkItems(batch)
    this.#checkTimes(entries, now)
    this.#checkOrder(entries, now)

    const sent = new Map<string, Sent>()
    let smallest = Infinity
    for (const entry of entries) {
      sent.set(entry.id, {
        entry,
        revision: entry.revision,
        isVague: model.vague.has(entry.id),
        isApplied: false,
      })
      if (!entry.isRevisionVague || this.#model.callOf(entry) === undefined) entry.isRevisionVague = false
      smallest = Math.min(smallest, entry.interval ?? 1)
    }
    this.started += 1
    const call = new ModelCall(this.started, now, sent, this.#outage.isOn, smallest)
    model.calls.add(call)
    // Also those of which it is not known how they end: who is in a call is not asked for any more.
    for (const request of model.requests) {
      if (request.expected !== 'pending' && request.expected !== 'vague') continue
      const entry = sent.get(request.id)?.entry
      if (entry !== undefined && isOf(request, entry)) request.servedBy ??= call
    }
    for (const entry of entries) model.journal.activity(entry.id)
    return call
  }

  #checkLimits(size: number, now: number): void {
    const { violations, rules, calls } = this.#model
    let slots = 0
    for (const call of calls) if (this.#model.occupies(call)) slots += 1
    violations.always(slots < rules.parallelism, 'S4', () => `a call starts beside ${slots} others`)
    if (this.bucket !== undefined) {
      violations.always(this.bucket.has(now), 'S4', () => 'a call starts faster than rateLimit')
      this.bucket.take(now)
    }
    if (rules.batches === 'default')
      violations.check(size <= rules.batchSize, 'S5', () => `a batch of ${size} is larger than batchSize`)
  }

  /** What is in a batch, and that it may be. */
  #checkItems(batch: Batch<Item>): ModelEntry[] {
    const model = this.#model
    const { violations, entries } = model
    const found: ModelEntry[] = []
    const ids = new Set<string>()
    // What the application put into one batch goes together, be it for one that was asked for.
    const isDivided = model.rules.batches !== 'default' && model.hasBeenAsked
    for (const { id, item, validator } of batch) {
      const name = (): string => JSON.stringify(id)
      violations.always(!ids.has(id), 'S3', () => `${name()} is twice in one batch`)
      ids.add(id)
      violations.check(!model.isHeld(id), 'S3', () => `${name()} is in two running calls`)
      const entry =
        entries.get(id) ?? (model.vague.has(id) || violations.isBlurred ? model.assume(id, item) : undefined)
      if (entry === undefined) {
        violations.add('S6', `${name()} is sent and is not there`)
        continue
      }
      found.push(entry)
      if (model.vague.has(id)) continue
      violations.check(item === entry.item, 'S6', () => `${name()} is sent as it was`)
      violations.check(!entry.isDeleting, 'S6', () => `${name()} is sent and is marked for deletion`)
      if (!model.isAskedFor(entry)) {
        violations.check(entry.status === 'active', 'S9', () => `${name()} is sent and is ${entry.status}`)
        violations.check(
          model.rules.refreshUnobserved || model.audience.mayBeObserved(id),
          'S9',
          () => `${name()} is sent and is unobserved`,
        )
        violations.check(
          this.#isGateOpen() || isDivided,
          'T3',
          () => `${name()} is sent while the page is hidden or offline`,
        )
      }
      if (!entry.isValidatorVague)
        violations.check(
          validator === entry.validator,
          'W11',
          () => `${name()} is sent with validator ${String(validator)} for ${String(entry.validator)}`,
        )
    }
    return found
  }

  /** S1, S5, F2: nothing comes too early. */
  #checkTimes(entries: readonly ModelEntry[], now: number): void {
    const model = this.#model
    const { violations, rules, vague } = model
    // What the application divides goes as it says.
    if (rules.batches !== 'default') return
    if (entries.length === 0 || entries.some(({ id }) => vague.has(id))) return
    const due = entries.filter((entry) => entry.due.lo <= now + ROUNDING || model.isAskedFor(entry))
    if (rules.batches === 'default')
      violations.check(
        due.length > 0 || entries.some(({ id }) => vague.has(id)),
        'S5',
        () =>
          `a call of ${entries.map(({ id }) => JSON.stringify(id)).join()} starts at ${now} with nothing due: ${entries.map(({ due: { lo, hi } }) => `${lo}–${hi}`).join()}`,
      )
    let pull = 0
    for (const entry of due) pull = Math.max(pull, intervalOf(entry, rules))
    for (const entry of entries) {
      if (due.includes(entry) || vague.has(entry.id)) continue
      const early = entry.due.lo - now
      const name = (): string => JSON.stringify(entry.id)
      violations.check(
        entry.mayBeEarly,
        'S5',
        () => `${name()} waits after a failure and comes ${early} ms early`,
      )
      const most =
        rules.coalesce *
        (rules.batches === 'default' ? Math.min(intervalOf(entry, rules), pull) : (entry.interval ?? 0))
      violations.check(
        early <= most + 1,
        'S5',
        () => `${name()} comes ${early} ms early, ${most} ms is the most`,
      )
    }
    if (this.#outage.isOn) this.#checkProbe(entries, now)
    for (const entry of entries)
      violations.check(
        entries.length <= entry.limit || vague.has(entry.id),
        'F5',
        () => `${JSON.stringify(entry.id)} is in a batch of ${entries.length}; ${entry.limit} is its limit`,
      )
  }

  /** F6 */
  #checkProbe(entries: readonly ModelEntry[], now: number): void {
    const { violations, calls } = this.#model
    for (const call of calls)
      violations.check(!call.isActive || call.isOpened, 'F6', () => 'a probe starts beside another call')
    const { notBefore, largestProbe } = this.#outage
    violations.check(
      now >= notBefore - 1 || entries.some((entry) => this.#model.isAskedFor(entry)),
      'F6',
      () => `a probe starts ${notBefore - now} ms early`,
    )
    violations.check(
      entries.length <= largestProbe,
      'F6',
      () => `a probe of ${entries.length} items; ${largestProbe} is the most`,
    )
  }

  /** S4: oldest due first, and a batch that has room leaves nobody behind. */
  #checkOrder(entries: readonly ModelEntry[], now: number): void {
    const model = this.#model
    const { violations, rules, vague } = model
    if (rules.batches !== 'default' || this.#outage.isOn) return
    if (
      entries.some(({ id, limit, callFailures }) => vague.has(id) || limit !== Infinity || callFailures > 0)
    )
      return
    let latest = -Infinity
    // What is asked for is due since then, and overtakes nobody either.
    for (const entry of entries) if (entry.due.lo <= now) latest = Math.max(latest, entry.due.lo)
    const hasRoom = entries.length < rules.batchSize && this.#isGateOpen()
    const bound = hasRoom ? now - 1 : latest
    for (const entry of model.entries.values()) {
      if (entries.includes(entry) || entry.due.hi >= bound || vague.has(entry.id)) continue
      if (!model.isPlannable(entry) || model.mayBeHeld(entry.id) || entry.limit !== Infinity) continue
      if (entry.callFailures > 0 || model.isAskedFor(entry) || !this.#isGateOpen()) continue
      if (entry.isPlaceVague || model.mayBeLeft(entry.id)) continue
      violations.add(
        'S4',
        `${JSON.stringify(entry.id)}, due since ${entry.due.hi}, is left behind at ${now} by ${entries.map(({ id, due: { lo, hi } }) => `${id}: ${lo}–${hi}`).join(', ')}`,
      )
    }
  }
}

/** By what coalescing is measured; 0 before the interval function has run. */
function intervalOf({ interval, isEvaluated }: ModelEntry, { maxDelay }: Rules): number {
  return interval ?? (isEvaluated ? maxDelay : 0)
}
