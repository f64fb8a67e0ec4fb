import type { Item, ItemKind } from '../script.ts'
import type { Call, ExpectedError, Outcome, Sent, Verdict } from './call.ts'
import { type Entry, newEntry } from './entry.ts'
import type { World } from './world.ts'

/** True values by id: what was written, pushed and answered, by the rules about values alone (P, W1 to W17, F1 to F4). */
export class Ledger {
  readonly #world: World
  readonly entries = new Map<string, Entry>()
  readonly #answers: { readonly call: Call; readonly outcome: Outcome }[] = []
  readonly #origins = new WeakMap<Item, string>()
  /** Entries that were in no call yet. */
  readonly unsent = new Set<Entry>()
  /** Removals that were seen before their events were told. */
  readonly foreseen = new Map<string, number>()
  #generations = 0
  #writes = 0
  /** Told of each settled item of a call. */
  onSettled: (entry: Entry, call: Call, isFresh: boolean) => void = () => undefined

  constructor(world: World) {
    this.#world = world
  }

  /** A new value of the application's. */
  make(id: string, kind: ItemKind): Item {
    this.#writes += 1
    const item: Item = {
      id,
      v: this.#writes,
      by: 'app',
      ...(kind === 'terminal' ? { terminal: true } : {}),
      ...(kind === 'bad' ? { bad: true } : {}),
    }
    return this.known(item)
  }

  /** Notes that the cache was given this object. */
  known(item: Item): Item {
    this.#origins.set(item, item.id)
    return item
  }

  isKnown(item: Item, id: string): boolean {
    return this.#origins.get(item) === id
  }

  create(id: string, item: Item | undefined, isOwned: boolean, validator?: unknown): Entry {
    this.#generations += 1
    const { now, wall } = this.#world
    const entry = newEntry(id, this.#generations, item === undefined, isOwned, now, wall)
    this.entries.set(id, entry)
    this.unsent.add(entry)
    this.#world.touched.add(id)
    if (item !== undefined) this.#set(entry, item, validator)
    return entry
  }

  /** P1: the first value of a pending entry; an answer under way still counts. */
  give(entry: Entry, item: Item, validator?: unknown): void {
    this.#set(entry, item, validator)
  }

  /** W2 */
  write(entry: Entry, item: Item): void {
    entry.revision += 1
    // One that comes back to life may be due at once (S9).
    if (entry.status === 'terminal') entry.settledAt = -Infinity
    this.#set(entry, item, undefined, entry.holds > 0)
  }

  remove(id: string): void {
    const entry = this.entries.get(id)
    if (entry !== undefined) this.unsent.delete(entry)
    this.entries.delete(id)
    this.#world.touched.add(id)
  }

  /** W10, W14: an answer of this moment. */
  push(id: string, verdict: Verdict, creates: boolean): void {
    const entry = this.entries.get(id)
    this.#world.touched.add(id)
    if (entry === undefined) {
      if (creates && verdict.says === 'update') {
        const made = this.create(id, verdict.item, true, verdict.validator)
        made.refreshedAt = this.#world.now
        made.isSettled = true
      }
      return
    }
    if (creates && verdict.says === 'update') entry.isOwned = true
    entry.settledAt = this.#world.wall
    entry.isSettled = true
    entry.isAdopted = false
    entry.isUnscheduled = false
    const isHeld = entry.holds > 0
    // `mutate` releases after it has put the old value back, and callbacks hear of that in between.
    if (entry.releasedIn === this.#world.turn && this.#world.reactions > 0) this.#world.isLost = true
    if (verdict.says === 'update' && !isHeld && !this.#staysTerminal(entry, verdict.item, false)) {
      entry.revision += 1
      this.#set(entry, verdict.item, verdict.validator)
      this.#succeed(entry)
    } else {
      this.#apply(entry, verdict, isHeld, false)
    }
    this.#askForInterval(entry)
  }

  /** S2: not that of an item that has ended. W5: nor that of a marked one, of which nothing moves the removal. */
  #askForInterval(entry: Entry): void {
    const { isMarked, status } = entry
    if (!isMarked && (status === 'active' || status === 'pending')) entry.hasAdoptedInterval = false
  }

  /** The cache has begun a call. */
  send(ids: readonly string[]): Map<string, Sent> {
    const sent = new Map<string, Sent>()
    for (const id of ids) {
      const entry = this.entries.get(id)
      if (entry === undefined) continue
      this.unsent.delete(entry)
      const { generation, revision, reopens, hasAdoptedInterval: isByAdopted } = entry
      sent.set(id, { generation, revision, reopens, isByAdopted })
      entry.reopens = entry.wasIdle = false
      this.#world.touched.add(id)
    }
    return sent
  }

  /** An answer, or a timeout, has arrived; the cache takes it in before the turn ends. */
  answer(call: Call, outcome: Outcome): void {
    this.#answers.push({ call, outcome })
  }

  /** The cache was stopped before it took these in: they count for nothing (L3). Returns the calls. */
  discard(): Call[] {
    return this.#answers.splice(0).map(({ call }) => call)
  }

  /** Takes in what the cache has taken in already, of one item or of all: then it no longer shows them as refreshing. */
  catchUp(id?: string): void {
    const { cache } = this.#world
    for (const { call } of [...this.#answers]) {
      if (id !== undefined && !call.sent.has(id)) continue
      // Nothing is known of removed items.
      const here = [...call.sent].flatMap(([each, { generation }]) =>
        cache.has(each) && this.entries.get(each)?.generation === generation ? [each] : [],
      )
      const shown = id !== undefined && here.includes(id) ? [id] : here
      if (shown.length === 0 || shown.some((each) => !cache.getSnapshot(each).isRefreshing))
        this.settle([...call.sent.keys()])
    }
  }

  /** Takes in what has arrived, for these ids or for all. In whatever order the application wrote meanwhile, its write wins (W6). */
  settle(ids?: readonly string[]): void {
    for (const answer of [...this.#answers]) {
      const { call, outcome } = answer
      if (ids !== undefined && !ids.some((id) => call.sent.has(id))) continue
      this.#answers.splice(this.#answers.indexOf(answer), 1)
      for (const [id, sent] of call.sent) this.#settleOne(call, outcome, id, sent)
      const all = [...call.sent.keys()].flatMap((id) => this.entries.get(id) ?? [])
      // That of an item that has ended, or is gone, is not asked for anew (S2).
      const isGone = ([id, { generation }]: [string, Sent]): boolean =>
        this.entries.get(id)?.generation !== generation
      const isByAdopted =
        all.some((entry) => entry.hasAdoptedInterval) ||
        [...call.sent].some((one) => one[1].isByAdopted && isGone(one))
      for (const entry of all) entry.isRetriedByAdopted = isByAdopted
    }
  }

  #settleOne(call: Call, outcome: Outcome, id: string, sent: Sent): void {
    const entry = this.entries.get(id)
    this.#world.touched.add(id)
    if (this.#world.settled.has(id)) this.#world.acted.add(id)
    this.#world.settled.add(id)
    if (entry === undefined || entry.generation !== sent.generation) return
    if (entry.isMarked) return this.remove(id)
    entry.settledAt = this.#world.wall
    entry.calledAt = entry.settledAt
    entry.calledFrom = call.startedWall
    entry.wasAsked = call.kind === 'asked'
    entry.isSettled = true
    entry.isAdopted = false
    entry.isUnscheduled = false
    if (outcome.hasFailed) {
      entry.failedCalls += 1
      this.#note(outcome.retryAfter)
      this.#fail(entry, outcome.error, this.#holdsItem(call) ? outcome.retryAfter : undefined)
      call.results.set(id, outcome.error)
      this.#askForInterval(entry)
      return this.onSettled(entry, call, false)
    }
    entry.failedCalls = 0
    const isStale = entry.revision !== sent.revision || entry.holds > 0 || entry.releasedAt > call.order
    const verdict = outcome.verdicts.get(id) ?? { says: 'omitted' }
    const result = this.#apply(entry, verdict, isStale, sent.reopens)
    if (result !== 'gone') call.results.set(id, result)
    this.#askForInterval(entry)
    this.onSettled(entry, call, result === 'ok')
  }

  /** F8, F15: after a normal call of several items `retryAfter` holds back the cache, not the items. */
  #holdsItem({ ids, kind }: Call): boolean {
    return ids.length === 1 || kind === 'retry' || this.#world.script.options.batches !== undefined
  }

  #apply(entry: Entry, verdict: Verdict, isStale: boolean, reopens: boolean): 'ok' | 'gone' | ExpectedError {
    const { missing = 'unchanged' } = this.#world.script.options
    const meant = verdict.says === 'omitted' && missing === 'delete' ? 'delete' : verdict.says
    // P5 speaks of an `unchanged` that is applied: one that is ignored is a success (W6, W13).
    const isIgnored = isStale && verdict.says === 'unchanged'
    const error = isIgnored ? undefined : this.#errorOf(entry, verdict, missing)
    if (error !== undefined) {
      entry.itemFailures += 1
      this.#fail(entry, error, verdict.says === 'fail' ? verdict.retryAfter : undefined)
      return error
    }
    if (meant === 'delete' && !isStale) {
      this.remove(entry.id)
      return 'gone'
    }
    if (verdict.says === 'update' && !isStale) {
      if (this.#staysTerminal(entry, verdict.item, reopens)) entry.isValidatorVague = true
      else this.#set(entry, verdict.item, verdict.validator)
    }
    if (verdict.says === 'unchanged' && verdict.validator !== undefined && !isStale)
      entry.validator = verdict.validator
    // It has another value otherwise (W13).
    if (entry.isExpected && !isStale && entry.item !== undefined)
      this.#set(entry, entry.item, entry.validator)
    this.#succeed(entry)
    return 'ok'
  }

  #errorOf(entry: Entry, verdict: Verdict, missing: string): ExpectedError | undefined {
    if (verdict.says === 'fail') return verdict.error
    if (verdict.says === 'unchanged' && entry.item === undefined) return { code: 'INVALID_RESPONSE' }
    if (verdict.says !== 'omitted' || missing === 'delete') return undefined
    if (entry.item === undefined) return { code: 'NOT_FOUND' }
    return missing === 'fail' ? { code: 'INVALID_RESPONSE' } : undefined
  }

  /** W7 */
  #staysTerminal(entry: Entry, item: Item, reopens: boolean): boolean {
    return entry.status === 'terminal' && !reopens && !isTerminal(item)
  }

  /** @param isHeld the application wrote it during a hold: it ends nothing yet (W13) */
  #set(entry: Entry, item: Item, validator: unknown, isHeld = false): void {
    entry.item = item
    entry.validator = validator
    entry.isValidatorVague = false
    this.#renew(entry)
    const before = entry.status
    entry.isExpected = isHeld && before !== 'terminal' && isTerminal(item)
    if (isTerminal(item) && !entry.isExpected) entry.status = 'terminal'
    else if (before !== 'expired') entry.status = 'active'
    if (entry.status !== before) entry.endedAt = this.#world.wall
    this.#world.touched.add(entry.id)
  }

  #succeed(entry: Entry): void {
    entry.failureCount = 0
    entry.itemFailures = 0
    entry.error = undefined
    entry.retryAt = -Infinity
    entry.refreshedAt = this.#world.now
    this.#renew(entry)
  }

  #renew(entry: Entry): void {
    entry.newestAt = this.#world.now
    entry.newestWall = this.#world.wall
  }

  #note(retryAfter: unknown): void {
    if (isDelay(retryAfter))
      this.#world.longestRetryAfter = Math.max(this.#world.longestRetryAfter, retryAfter)
  }

  #fail(entry: Entry, error: ExpectedError, retryAfter: unknown): void {
    this.#note(retryAfter)
    entry.failureCount += 1
    entry.error = error
    entry.retryAt = isDelay(retryAfter) ? this.#world.wall + Math.min(retryAfter, 3_600_000) : -Infinity
  }
}

/** The application's `isTerminal`: false if it throws. */
export function isTerminal(item: Item): boolean {
  return item.terminal === true && item.bad !== true
}

/** F13: anything else as a `retryAfter` is none. */
function isDelay(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value < Infinity
}
