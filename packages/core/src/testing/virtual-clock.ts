import type { Clock } from '../environment/clock.ts'
import { PromiseTurns } from './promise-turns.ts'

interface Timer {
  readonly at: number
  readonly callback: () => void
}

/**
 * Time that moves by command. Give it to the cache as `clock`; no test needs to wait.
 *
 * ```ts
 * const clock = new VirtualClock()
 * const cache = new InMemoryAutoRefresh({ sync, interval: 1000, clock }).start()
 * await clock.advance(5000)
 * ```
 */
export class VirtualClock implements Clock {
  #now = 0
  #epoch: number
  readonly #timers = new Map<unknown, Timer>()
  #handle = 0

  /** @param epoch what the wall clock shows at first, ms since 1970. Default 0. */
  constructor(epoch = 0) {
    this.#epoch = epoch
  }

  now(): number {
    return this.#now
  }

  epoch(): number {
    return this.#epoch
  }

  setTimeout(callback: () => void, delay: number): unknown {
    this.#handle += 1
    this.#timers.set(this.#handle, { at: this.#now + Math.max(0, delay), callback })
    return this.#handle
  }

  clearTimeout(handle: unknown): void {
    this.#timers.delete(handle)
  }

  /** How many timers are armed: what is left running shows here. */
  get timers(): number {
    return this.#timers.size
  }

  /**
   * Lets `ms` pass: runs every timer that falls due, in order, those included that are set on the way, and lets promises
   * settle before the first, between two of them, and after the last.
   *
   * @throws {RangeError} where `ms` is not a finite number of at least 0
   */
  async advance(ms: number): Promise<void> {
    if (!(ms >= 0 && ms < Infinity)) {
      throw new RangeError(`advance takes a finite number of ms of at least 0, but got ${String(ms)}`)
    }
    const end = this.#now + ms
    const promises = new PromiseTurns()
    try {
      await promises.settle()
      for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
        const [handle, timer] = next
        this.#timers.delete(handle)
        this.#move(Math.max(timer.at, this.#now))
        timer.callback()
        await promises.settle()
      }
    } finally {
      promises.close()
    }
    this.#move(end)
  }

  /** The machine sleeps for `ms`: the wall clock moves, the monotonic one and the timers stand still. */
  sleep(ms: number): void {
    this.#epoch += ms
  }

  /** Sets the wall clock, as a user or NTP does; nothing else moves. */
  setEpoch(epoch: number): void {
    this.#epoch = epoch
  }

  #move(to: number): void {
    this.#epoch += to - this.#now
    this.#now = to
  }

  /** The timer that is due first, of those due by `end`; of equal ones the one that was set first. */
  #next(end: number): [unknown, Timer] | undefined {
    let first: [unknown, Timer] | undefined
    for (const entry of this.#timers) {
      if (entry[1].at <= end && (first === undefined || entry[1].at < first[1].at)) first = entry
    }
    return first
  }
}
