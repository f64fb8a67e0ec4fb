import type { Clock, Timestamp } from './clock.ts'

/** The wall clock must have run further ahead of the monotonic one than this, ms, to count as sleep. */
const SLEEP = 30_000

/**
 * The time of a cache (T2): the monotonic clock, plus the time that it demonstrably missed. It never goes back. A clock
 * that throws, or returns no finite number, counts as standing still.
 */
export class CacheTime {
  readonly #clock: Clock
  #latest: Timestamp | undefined
  /** The monotonic clock at the last look, ms; undefined before the first. */
  #monotonic: number | undefined
  /** Sum of all steps back of the monotonic clock, ms. */
  #stepsBack = 0
  /** Sum of all sleeps, ms. */
  #slept = 0
  /** How far the wall clock was ahead at the last look, ms; Infinity before the first. */
  #lead = Infinity
  #lastMissed = -Infinity

  /** Reads nothing, because a cache may be constructed where clocks stand still (L6). */
  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** When the last sleep was found, ms on the cache's clock; -Infinity if there was none. */
  get lastMissed(): number {
    return this.#lastMissed
  }

  /** Returns the time, and looks for a sleep. The object is the same until the time changes. */
  read(): Timestamp {
    const epoch = this.#reading('epoch')
    const monotonic = this.#reading('now')
    if (monotonic === undefined) return this.#show(this.#latest?.now ?? 0, epoch)
    // A clock that goes back was replaced, for example by fake timers: time goes on from where it was.
    if (this.#monotonic !== undefined) this.#stepsBack += Math.max(0, this.#monotonic - monotonic)
    this.#monotonic = monotonic
    const steady = monotonic + this.#stepsBack
    const slept = epoch === undefined ? 0 : this.#look(epoch - steady)
    this.#slept += slept
    // A timer may have proved that time is ahead of the clock, which may catch up with it; a sleep is on top of that.
    const now = Math.max((this.#latest?.now ?? -Infinity) + slept, steady + this.#slept)
    if (slept > 0) this.#lastMissed = now
    return this.#show(now, epoch)
  }

  /**
   * Reports that a timer fired, so the time is at least `setAt + delay`. That is news if fake timers leave
   * `performance.now` alone, and if clocks stand still between I/O.
   *
   * @param setAt When the timer was set, ms on the cache's clock.
   * @param delay ms
   */
  fired(setAt: number, delay: number): void {
    const { now, epoch } = this.read()
    const due = setAt + delay
    if (due > now && due < Infinity) this.#show(due, epoch)
  }

  /** Returns what the clock shows; undefined if it throws, or shows no finite number. */
  #reading(name: 'now' | 'epoch'): number | undefined {
    try {
      const time = this.#clock[name]()
      return Number.isFinite(time) ? time : undefined
    } catch {
      return undefined
    }
  }

  /** Returns the ms slept since the last look, 0 if none. */
  #look(lead: number): number {
    const gained = lead - this.#lead
    this.#lead = lead
    return gained > SLEEP ? gained : 0
  }

  #show(now: number, epoch: number = this.#latest?.epoch ?? 0): Timestamp {
    const latest = this.#latest
    if (latest?.now === now && latest.epoch === epoch) return latest
    return (this.#latest = { now, epoch })
  }
}
