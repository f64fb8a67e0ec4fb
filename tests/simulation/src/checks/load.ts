import { isBad } from '../world/backend.ts'
import type { Call, Outcome } from '../world/call.ts'
import type { World } from '../world/world.ts'
import { boundsOf, MOST_BAD } from './bounds.ts'

/** ms over which rates are counted. */
const WINDOW = 10_000

/** Failed retry calls in a row after which retries are single probes (F11). */
const HALF_OPEN_AFTER = 16

/** Checks the number of calls to a source in a field run against the bounds. */
export class Load {
  readonly #world: World
  /** Since the mood changed. */
  #since = 0
  #total = 0
  #normal = 0
  #toRegion = 0
  readonly #starts: number[] = []
  /** Calls that clicks, returns of the page and new items may add. */
  #credit = 0
  /** Returns after each of which isolated items may all be tried. */
  #rounds = 0
  /** Items that failed alone in their call: they may be isolated (F9). */
  readonly #alone = new Set<string>()
  /** Retry calls since one succeeded. */
  #sinceRetried = Infinity
  /** Returns and other events restart what has settled. */
  #calmSince = 0
  #pacedFrom = -Infinity
  #how: World['mood']['how']
  /** Items answered by `fail` join their batch that much later. */
  #lateness = 0
  #interval: number
  /** The busiest windows, for setting the bounds. */
  readonly peaks = { dead: 0, normal: 0, outage: 0 }

  constructor(world: World) {
    this.#world = world
    const { interval } = world.script.options
    this.#interval = interval === 'function' ? Infinity : interval
  }

  changed(interval: number = this.#interval): void {
    this.#interval = interval
    const { mood, maxDelay } = this.#world
    this.#lateness = this.#how === 'fail' ? 1.25 * maxDelay : 0
    this.#how = mood.how
    this.#since = this.#world.now
    this.#calmSince = this.#world.now
    this.#total = 0
    this.#normal = 0
    this.#toRegion = 0
    // The retry calls of before go on until half-open begins.
    this.#credit = Math.max(0, HALF_OPEN_AFTER - this.#sinceRetried)
    this.#rounds = 0
    this.#starts.length = 0
  }

  /** Allows the calls of leaving and returning a number of times, twice per second. */
  allowReturns(times: number, isNetwork: boolean): void {
    const { concurrency } = this.#world
    // Each second of it allows `concurrency - 1` calls, and after it the pauses grow anew.
    this.allow(((concurrency - 1) * times) / 2 + 10 + (isNetwork ? times : 0))
    // No two rounds begin within 1 s (T8).
    this.allowRounds(Math.min(times, 1 + Math.floor((times + 1) / 2)))
  }

  /** Allows rounds of isolated items, each after a return. */
  allowRounds(rounds: number): void {
    this.#rounds += rounds
  }

  /**
   * Isolated items begin no outage (F6), so a return ends half-open until 16 retry calls have failed anew (T8, F11). Others run
   * beside the last of these (F10).
   */
  #callsOfReturns(): number {
    const most = HALF_OPEN_AFTER - 1 + Math.max(1, this.#world.concurrency - 1)
    return this.#rounds * Math.min(this.#alone.size, most)
  }

  /** Allows a number of further calls for an action of the application. */
  allow(calls: number): void {
    this.#credit += calls
    this.#calmSince = this.#world.now
    this.#normal = 0
    this.#starts.length = 0
  }

  started(call: Call): void {
    const world = this.#world
    if (world.script.kind !== 'field') return
    const { mood, now, script } = world
    const { size } = world
    const touchesBad = call.ids.some((id) => isBad(id, mood, size))
    this.#total += 1
    if (call.kind === 'retry' || call.kind === 'probe') this.#sinceRetried += 1
    if (mood.down === 'all' && mood.how !== 'fail') this.#outage(size)
    else if (touchesBad && mood.how !== 'fail') {
      if (now > Math.max(this.#calmSince + this.#settleTime(), this.#pacedFrom)) this.#dead(now)
      if (mood.down !== undefined && script.options.batches !== undefined) this.#region(size)
    }
    if (script.options.rateLimit === undefined && (mood.flap ?? 0) === 0) this.#usual(call, size)
  }

  settled({ kind, ids }: Call, { hasFailed }: Outcome): void {
    const [first] = ids
    if (hasFailed && first !== undefined && ids.length === 1) this.#alone.add(first)
    if (hasFailed) return
    for (const id of ids) this.#alone.delete(id)
    if (kind === 'retry' || kind === 'probe') this.#retrySucceeded()
  }

  /** Half-open is over, and what is dead gets the first retry calls anew (F11). */
  #retrySucceeded(): void {
    this.#pacedFrom = this.#world.now + 2 * WINDOW
    this.#credit += HALF_OPEN_AFTER
    this.#sinceRetried = 0
  }

  /** Until retries of what is bad have found their pace. */
  #settleTime(): number {
    const { mood, size, script } = this.#world
    // Isolation takes longer with fewer slots and slower calls; then their delays double until they are longer than the window.
    if (mood.bad !== undefined && mood.how !== 'hang')
      return boundsOf(this.#world, size, this.#interval).isolation(mood.bad) + 3 * WINDOW + this.#lateness
    return 60_000 + 500 * (mood.bad ?? (script.options.batches === undefined ? size / 2 : 0))
  }

  /** A normal round and 6 calls in 10 s, 10 more in 60 s, then 1 per maxDelay. */
  #outage(size: number): void {
    const { now, batchSize, maxDelay, mood, concurrency, script } = this.#world
    const passed = now - this.#since
    const isDivided = script.options.batches !== undefined
    const round = 2 * Math.ceil(size / batchSize) + (isDivided ? 2 * Math.ceil(size / batchSize) + 2 : 0)
    // Items of calls of their own that fail in the first second are isolated (F6, F9): 16 of their retries, and not 6, come first.
    const isolated = batchSize === 1 ? HALF_OPEN_AFTER - 6 : 0
    let allowed =
      round +
      isolated +
      this.#credit +
      this.#callsOfReturns() +
      (passed <= 10_000 ? 6 : passed <= 60_000 ? 16 : 17 + passed / maxDelay)
    // A round is every slot; while its retries end, and before the healthy call beside them does, their slots are filled (F8, F10).
    if (mood.retryAfter !== undefined && !isDivided && batchSize > 1)
      allowed = (2 * concurrency + 1) * (1 + passed / mood.retryAfter) + 2 + passed / maxDelay + this.#credit
    this.peaks.outage = Math.max(this.peaks.outage, this.#total - allowed)
    this.#world.check(
      this.#total <= allowed,
      'load',
      () => `call ${this.#total} in ${Math.round(passed)} ms of an outage, ${Math.floor(allowed)} are right`,
    )
  }

  /** A dead region in batches of its own gets 16 retry calls, and then single probes. */
  #region(size: number): void {
    const { now, batchSize } = this.#world
    this.#toRegion += 1
    const seconds = (now - this.#since) / 1000
    const allowed =
      40 + 2 * Math.ceil(size / batchSize) + this.#credit + this.#callsOfReturns() + 1.2 * seconds
    this.#world.check(
      this.#toRegion <= allowed,
      'load',
      () =>
        `call ${this.#toRegion} to a region that is dead for ${Math.round(seconds)} s, ${Math.floor(allowed)} are right`,
    )
  }

  /** At most 1.2 calls per second to what is dead. */
  #dead(now: number): void {
    this.#starts.push(now)
    while ((this.#starts[0] ?? now) < now - WINDOW) this.#starts.shift()
    const count = this.#starts.length
    this.peaks.dead = Math.max(this.peaks.dead, count)
    // Few isolated items come at most once each: by now their delays are longer than that. With more of them, successes may be so
    // rare that failures often count as an outage, which isolates nothing (F6, F14).
    const { bad = Infinity } = this.#world.mood
    const isFew = bad <= MOST_BAD * this.#world.size
    const allowed = Math.min((1.2 * WINDOW) / 1000 + 1, isFew ? bad + 2 : Infinity)
    this.#world.check(
      count <= allowed,
      'load',
      () => `${count} calls to what is dead in ${WINDOW / 1000} s; ${JSON.stringify(this.#world.mood)}`,
    )
  }

  /** S17: the calls of healthy items fill their batches. */
  #usual(call: Call, size: number): void {
    const { now, batchSize, mood, maxDelay, script } = this.#world
    if (call.kind !== 'clock' || script.options.batches !== undefined) return
    if (mood.how === 'fail' && this.#interval > maxDelay) return
    // Items that the source answers with `fail` come in calls of the normal kind, each after its own delay (F2).
    if (mood.how === 'fail' && call.ids.every((id) => isBad(id, mood, size))) return
    const from = this.#calmSince + 3 * this.#interval + this.#lateness
    if (now <= from) return
    this.#normal += 1
    const allowed = 2 * Math.ceil(size / batchSize) * ((now - from) / this.#interval + 1)
    this.#world.check(
      this.#normal <= allowed,
      'load',
      () =>
        `${this.#normal} calls of healthy items in ${Math.round(now - from)} ms, ${Math.floor(allowed)} are right`,
    )
  }
}
