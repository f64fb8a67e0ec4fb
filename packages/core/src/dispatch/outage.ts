import type { Moment } from '../environment/clock.ts'
import { probeDelay, probeLimit, type Backoff } from '../policy/next-delay.ts'

/** How many calls in a row must fail. */
const FAILURES = 3

/** Whether the source is down, and when it may be asked again (F6). */
export class Outage {
  isOn = false
  readonly #backoff: Backoff
  #failedCalls = 0
  #failedProbes = 0
  #probeAt = -Infinity
  #probeEpoch = -Infinity
  #probeLimit = Infinity

  constructor(backoff: Backoff) {
    this.#backoff = backoff
  }

  /** When the next probe may start, monotonic ms; long past where there is no outage. */
  get probeAt(): number {
    return this.isOn ? this.#probeAt : -Infinity
  }

  /** The most items of the next batch. */
  get batchLimit(): number {
    return this.isOn ? this.#probeLimit : Infinity
  }

  /** A call of so many items failed. Returns whether an outage began with it. */
  failed(size: number): boolean {
    this.#failedCalls += 1
    this.#probeLimit = probeLimit(size)
    if (this.isOn || this.#failedCalls < FAILURES) return false
    this.isOn = true
    this.#failedProbes = 0
    return true
  }

  /**
   * Sets the time of the next probe, after the call that began the outage and after each probe that failed.
   *
   * @param interval the smallest of that call, ms
   */
  planProbe({ now, epoch }: Moment, interval: number, isAfterProbe: boolean): void {
    if (isAfterProbe) this.#failedProbes += 1
    const delay = probeDelay(interval, this.#failedProbes, this.#backoff)
    this.#probeAt = now + delay
    this.#probeEpoch = epoch + delay
  }

  /** A call succeeded. Returns whether an outage ended with it. */
  succeeded(): boolean {
    this.#failedCalls = 0
    const wasOn = this.isOn
    this.isOn = false
    return wasOn
  }

  /**
   * The two clocks go together from now on; the machine slept for that long: a probe that is overdue by the wall clock may start
   * (T2). What is planned already is measured by the monotonic clock alone.
   */
  synchronize({ now, epoch }: Moment, ahead: number): void {
    if (this.#probeAt <= now + ahead && this.#probeEpoch <= epoch) this.#probeAt = -Infinity
    this.#probeEpoch = -Infinity
  }
}
