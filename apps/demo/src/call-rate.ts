import type { AutoRefreshEvent } from '@auto-refresh/core'

/** The sync calls that started in one second. */
export interface SecondOfCalls {
  readonly calls: number
  /** Of these, those that failed since. */
  readonly failed: number
}

/** A counter of calls. */
export interface RateSource {
  /** The last seconds, oldest first; the last is the running one. */
  history(): readonly SecondOfCalls[]
  /** Calls per second, over the last seconds. */
  perSecond(): number
}

const NO_CALLS: SecondOfCalls = { calls: 0, failed: 0 }

const SECOND = 1000

/** Seconds over which a rate is taken, because one alone jumps between 0 and 2. */
const SECONDS_OF_RATE = 5

/** ms without a call after which the next one is a new beginning. */
const SILENCE = 3000

/** Counts sync calls by the second in which they started. */
export class CallRate implements RateSource {
  readonly #seconds: number
  readonly #now: () => number
  readonly #bySecond = new Map<number, SecondOfCalls>()
  /** Epoch ms of the calls that the rate is about. */
  #starts: number[] = []
  /** From where the seconds of the rate are counted, epoch ms: whole seconds of a clock would cut the first one short. */
  #origin = -Infinity
  /** The rate before that. */
  #before = 0

  /** @param seconds How far back it knows. @param now Epoch ms. */
  constructor(seconds: number, now: () => number) {
    this.#seconds = seconds
    this.#now = now
  }

  /** Counts the calls of a cache, by its events. */
  record(event: AutoRefreshEvent<unknown>): void {
    // In a pause, and after a stop, the rate is 0 at once.
    if (/^(?:started|stopped|paused|resumed)$/.test(event.type)) this.begin()
    if (event.type === 'created') this.grow()
    if (event.type === 'sync-started') this.countCall()
    if (event.type === 'sync-settled' && event.error !== undefined) this.countFailure(event.duration)
  }

  /** Says that calls are made from now on: what was before does not count in the rate. */
  begin(): void {
    this.#origin = this.#now()
    this.#before = 0
  }

  /** Says that more is asked for from now on. The rate is not less than before. */
  grow(): void {
    if (this.#origin === this.#now()) return
    this.#before = this.perSecond()
    this.#origin = this.#now()
  }

  countCall(): void {
    const now = this.#now()
    if (now - (this.#starts.at(-1) ?? -Infinity) > SILENCE) this.begin()
    this.#starts = this.#starts.filter((at) => at > now - (SECONDS_OF_RATE + 1) * SECOND)
    this.#starts.push(now)
    this.#add(now, { calls: 1, failed: 0 })
  }

  /** @param duration ms since the call that failed has started. */
  countFailure(duration: number): void {
    this.#add(this.#now() - duration, { calls: 0, failed: 1 })
  }

  /** The last seconds, oldest first; the last is the running one. */
  history(): SecondOfCalls[] {
    const current = Math.floor(this.#now() / SECOND)
    return Array.from(
      { length: this.#seconds },
      (_, index) => this.#bySecond.get(current - this.#seconds + 1 + index) ?? NO_CALLS,
    )
  }

  /** Calls per second, over the last whole seconds since the beginning; in the first second the calls so far. */
  perSecond(): number {
    const passed = Math.floor((this.#now() - this.#origin) / SECOND)
    if (passed === 0) return Math.max(this.#before, this.#countFrom(this.#origin, Infinity))
    const over = Math.min(SECONDS_OF_RATE, passed)
    // The last whole seconds end where the running one begins.
    const end = passed === Infinity ? this.#now() : this.#origin + passed * SECOND
    return this.#countFrom(end - over * SECOND, end) / over
  }

  #countFrom(start: number, end: number): number {
    return this.#starts.filter((at) => at >= start && at < end).length
  }

  #add(at: number, more: SecondOfCalls): void {
    const second = Math.floor(at / SECOND)
    const { calls, failed } = this.#bySecond.get(second) ?? NO_CALLS
    this.#bySecond.set(second, { calls: calls + more.calls, failed: failed + more.failed })
    for (const counted of this.#bySecond.keys()) {
      if (counted <= second - this.#seconds - 1) this.#bySecond.delete(counted)
    }
  }
}
