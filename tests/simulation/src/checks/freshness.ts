import type { Life } from '../users/life.ts'
import { isBad } from '../world/backend.ts'
import type { Call, Outcome } from '../world/call.ts'
import type { Entry } from '../world/entry.ts'
import type { Ledger } from '../world/ledger.ts'
import type { World } from '../world/world.ts'
import { type Bounds, boundsOf, MOST_BAD } from './bounds.ts'

interface Record {
  /** Time of its last refresh. */
  last: number
  /** Not too old before, whatever its age. */
  grace: number
  isBad: boolean
  /** It was answered `fail`, or a `retryAfter`: such a delay outlasts a return (T8). */
  hasFailed: boolean
}

/** Probability below which chance is no explanation. */
const LEAST_CHANCE = 1e-7
/** Share of the slots that healthy refreshes may take; above it the source is too slow for the interval. */
const MOST_BUSY = 0.4

/**
 * How old healthy items of a field run become. Each has a deadline: 1.5 intervals and the slowest call after its last
 * refresh; later for a time after something changed, as long as the bounds allow.
 */
export class Freshness {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #life: Life
  readonly #records = new Map<string, Record>()
  #interval: number
  #bounds: Bounds
  #isOpen = false
  #wasRunning = false
  /** Number of failed probes in a row, of those the ones that were drawn, and how likely these draws were. */
  #probeRow = 0
  #badRow = 0
  #chance = 1
  /** Items that failed in a call of their own, and did not succeed since. */
  readonly #alone = new Set<string>()
  /** The source asked for silence, and its last hold-off may last until then. */
  #hold: number | undefined
  #heldUntil = -Infinity
  #how: World['mood']['how']
  /** What is bad is isolated by then; new items share calls with it until then, too. */
  #isolatedBy = -Infinity
  /** Calls that were slower than present ones may run until then. */
  #slowUntil = -Infinity
  /** The bounds held for what went on before. */
  #wasJudged = true
  /** The worst age as a share of what is allowed. */
  worst = 0

  constructor(world: World, ledger: Ledger, life: Life) {
    this.#world = world
    this.#ledger = ledger
    this.#life = life
    const { interval } = world.script.options
    this.#interval = interval === 'function' ? Infinity : interval
    this.#bounds = boundsOf(world, 1, this.#interval)
  }

  /** Something changed: what is bad, what exists, whether anything may be called, or how often. */
  changed(interval: number = this.#interval): void {
    const world = this.#world
    if (world.script.kind !== 'field') return
    const longest = Math.max(interval, this.#interval)
    this.#interval = interval
    this.sweep()
    const size = this.#ledger.entries.size
    const before = this.#bounds
    this.#bounds = boundsOf(world, size, interval)
    const wasOpen = this.#isOpen
    const wasJudged = this.#wasJudged
    const wasRunning = this.#wasRunning
    this.#wasRunning = this.#life.isRunning
    this.#isOpen =
      this.#life.isRunning && !this.#life.isPaused && world.platform.isVisible && world.platform.isOnline
    // A start is none: failures outlast a stop (L4).
    const isReturn = !wasOpen && this.#isOpen && wasRunning
    const ids = [...this.#ledger.entries.keys()]
    const bad = new Set(ids.filter((id) => this.#isBad(id)))
    const news = ids.filter((id) => bad.has(id) && this.#records.get(id)?.isBad !== true).length
    const cured = ids.filter((id) => !bad.has(id) && this.#records.get(id)?.isBad === true).length
    if (before.slow > this.#bounds.slow) this.#slowUntil = world.now + before.slow + 1500
    const isSame = news === 0 && this.#how === world.mood.how
    this.#how = world.mood.how
    const isApart = this.#divides() && world.mood.how !== 'hang'
    // Items answered by `fail` or `retryAfter` join their batch that much later.
    const isLate = [...bad].some((id) => this.#records.get(id)?.hasFailed === true)
    // A slow call from before takes the one place of a probe until it ends (F11).
    const tail = Math.max(0, this.#slowUntil - world.now)
    const isolation =
      isApart || isSame || bad.size === 0
        ? 0
        : tail + this.#bounds.isolation(bad.size) + (isLate ? 1.25 * world.maxDelay : 0)
    if (isolation > 0)
      this.#isolatedBy = Math.max(this.#isolatedBy, world.now + isolation + this.#slack(isolation))
    if (this.#hold !== undefined && world.mood.retryAfter === undefined)
      this.#heldUntil = world.now + before.healed
    this.#hold = world.mood.retryAfter
    const healed =
      cured > 0 ? Math.max(before.healed, this.#bounds.healed, this.#bounds.cured(bad.size + cured)) : 0
    for (const id of ids) {
      const record = this.#records.get(id) ?? {
        last: world.now,
        grace: Math.max(world.now, this.#isolatedBy),
        isBad: false,
        hasFailed: false,
      }
      this.#records.set(id, record)
      // New items wait for the end of a hold-off, too (F8).
      record.grace = Math.max(record.grace, this.#heldUntil)
      let extra = wasJudged
        ? isolation
        : isolation + Math.max(before.healed, this.#bounds.healed, this.#bounds.cured(bad.size + cured))
      if (before.slow > this.#bounds.slow) extra = Math.max(extra, before.slow)
      if (record.isBad && !bad.has(id)) extra = isolation + healed
      // While retries go on, a return takes as long as isolating what is bad.
      if (!wasOpen && this.#isOpen)
        extra = Math.max(
          extra,
          tail + this.#bounds.back + (bad.size > 0 ? healed + this.#bounds.isolation(bad.size) : 0),
        )
      // A call from before the return may still fail after it.
      if (isReturn && bad.size === 0 && !record.hasFailed && world.callOf(id) === undefined)
        record.grace = world.now
      if (interval !== longest) extra = Math.max(extra, longest)
      if (extra > 0)
        record.grace = Math.max(
          record.grace,
          world.now + extra + 1.5 * (longest - interval) + this.#slack(extra),
        )
      record.isBad = bad.has(id)
      const outlasts = world.mood.how === 'fail' || world.mood.retryAfter !== undefined
      if (record.isBad && outlasts) record.hasFailed = true
    }
    this.#wasJudged = this.#isJudged() || !this.#isOpen
    for (const id of this.#records.keys()) if (!this.#ledger.entries.has(id)) this.#records.delete(id)
  }

  /** Restarts all deadlines, because time was lost or the source was disturbed. */
  disturbed(ms: number): void {
    this.sweep()
    const { now } = this.#world
    // What takes its time does not go on in a freeze.
    if (this.#isolatedBy > now) this.#isolatedBy += ms
    for (const record of this.#records.values()) {
      const left = record.grace > now ? record.grace + ms : now
      record.grace = Math.max(left, now + ms + this.#bounds.age)
    }
  }

  /** Probes are drawn at random: a row of bad ones delays all others, as long as chance explains it. */
  probed({ kind, ids }: Call, { hasFailed }: Outcome): void {
    // Every second probe is of an item that failed alone before: it is no draw, and takes its time, too (F11).
    const isProbe = kind === 'probe'
    const drawn = isProbe ? this.#drawn() : []
    // Where all failed alone, there is nothing else to take.
    const isDrawn = isProbe && (drawn.length === 0 || !ids.every((id) => this.#alone.has(id)))
    for (const id of ids) {
      if (!hasFailed) this.#alone.delete(id)
      else if (ids.length === 1) this.#alone.add(id)
    }
    // Healthy calls between them say nothing of the draws.
    if (!hasFailed && kind !== 'clock') {
      this.#probeRow = this.#badRow = 0
      this.#chance = 1
    } else if (isProbe && hasFailed && ids.every((id) => this.#records.get(id)?.isBad === true)) {
      this.#probeRow += 1
      if (isDrawn) {
        this.#badRow += 1
        this.#chance *= this.#drawnShare(drawn)
      }
    } else return
    // The bounds allow for a few.
    if (this.#probeRow < 3 || this.#probeRow > 2 * this.#badRow + 4 || this.#chance < LEAST_CHANCE) return
    // A pause counts from the end of a probe, which is a call.
    const pause = 1.25 * Math.min(this.#world.maxDelay, 1000 * 2 ** this.#probeRow) + this.#bounds.slow
    for (const record of this.#records.values())
      record.grace = Math.max(record.grace, record.last + this.#bounds.age) + pause
  }

  /** Failed items that have not failed alone. */
  #drawn(): Entry[] {
    const { entries } = this.#ledger
    return [...entries.values()].filter(({ id, failedCalls }) => failedCalls > 0 && !this.#alone.has(id))
  }

  /** Share of bad items among those of which a probe is drawn. */
  #drawnShare(drawn: readonly Entry[]): number {
    const bad = drawn.filter(({ id }) => this.#records.get(id)?.isBad === true).length
    return Math.max(this.#share(), drawn.length === 0 ? 0 : bad / (drawn.length + 1))
  }

  #share(): number {
    let bad = 0
    for (const { isBad: is } of this.#records.values()) if (is) bad += 1
    return bad / this.#records.size
  }

  settled(entry: Entry, _call: Call, isFresh: boolean): void {
    const record = this.#records.get(entry.id)
    if (record === undefined || !isFresh) return
    this.#check(entry.id, record)
    record.last = this.#world.now
    // The answer may be older than the trouble.
    if (!record.isBad) record.hasFailed = false
  }

  /** Looks at all items. */
  sweep(): void {
    if (!this.#isJudged()) {
      for (const record of this.#records.values()) record.grace = Math.max(record.grace, this.#world.now)
      return
    }
    for (const [id, record] of this.#records) this.#check(id, record)
  }

  /** Healed items and isolated ones come one by one; then comes their own interval. */
  #slack(extra: number): number {
    return extra > this.#bounds.back ? this.#bounds.age : 0
  }

  #check(id: string, record: Record): void {
    const { now } = this.#world
    if (record.isBad || !this.#isJudged()) return
    const limit = Math.max(record.last + this.#bounds.age, record.grace)
    if (record.grace < record.last + this.#bounds.age)
      this.worst = Math.max(this.worst, (now - record.last) / this.#bounds.age)
    this.#world.check(
      now <= limit + 1,
      'fresh',
      () =>
        `${id} is ${Math.round(now - record.last)} ms old, ${Math.round(now - limit)} ms too late; ${JSON.stringify(this.#world.mood)}`,
    )
    if (now > limit) record.last = now
  }

  #isJudged(): boolean {
    const { concurrency, mood, script } = this.#world
    if (!this.#isOpen || concurrency < 2 || script.options.rateLimit !== undefined) return false
    const busy = (this.#bounds.round / this.#interval) * ((concurrency - 1) / concurrency)
    if (busy > MOST_BUSY) return false
    if (this.#divides() || mood.how === 'fail') return true
    return this.#share() <= MOST_BAD
  }

  /** The dead region is in batches of its own. */
  #divides(): boolean {
    const { mood, script } = this.#world
    return (
      script.options.batches === 'regions' &&
      (mood.down === 'E' || mood.down === 'W') &&
      (mood.bad ?? 0) === 0
    )
  }

  #isBad(id: string): boolean {
    const { mood, size } = this.#world
    // A source that asks for silence gets it from all items (F8).
    if ((mood.flap ?? 0) > 0 || mood.retryAfter !== undefined) return true
    // Too slow for every call is as good as dead.
    return mood.latency >= this.#world.timeout || isBad(id, mood, size)
  }
}
