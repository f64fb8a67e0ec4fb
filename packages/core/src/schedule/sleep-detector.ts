import type { Moment } from '../environment/clock.ts'

/** How far the wall clock may run ahead, ms: less is a correction of the clock, more a machine that slept. */
const TOLERANCE = 30_000

/**
 * Notices that the monotonic clock stood still while the machine slept, as it does on many systems
 * (https://github.com/w3c/hr-time/issues/115), by what the wall clock shows.
 */
export class SleepDetector {
  #since: Moment = { now: 0, epoch: 0 }

  /** Begins to measure. */
  reset(moment: Moment): void {
    this.#since = moment
  }

  /** ms that the monotonic clock missed since the last find; 0 where it missed none to speak of. */
  missed(moment: Moment): number {
    const ahead = moment.epoch - this.#since.epoch - (moment.now - this.#since.now)
    if (ahead <= TOLERANCE) return 0
    this.#since = moment
    return ahead
  }
}
