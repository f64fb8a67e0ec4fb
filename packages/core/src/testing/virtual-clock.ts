import type { Clock } from '../environment/clock.ts'
import { PromiseTurns } from './promise-turns.ts'

interface Timer {
  readonly at: number
  /** Of timers of one time, the one that was set first runs first. */
  readonly handle: number
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
  /** The same timers, the last one to run first, so that the next one is at the end. */
  readonly #queue: Timer[] = []
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
    const timer = { at: this.#now + (delay > 0 ? delay : 0), handle: this.#handle, callback }
    this.#timers.set(timer.handle, timer)
    this.#queue.splice(this.#position(timer), 0, timer)
    return timer.handle
  }

  clearTimeout(handle: unknown): void {
    const timer = this.#timers.get(handle)
    if (timer === undefined) return
    this.#timers.delete(handle)
    this.#queue.splice(this.#position(timer), 1)
  }

  /** Number of timers that are set. A test sees here what was left running. */
  get timers(): number {
    return this.#timers.size
  }

  /**
   * Lets `ms` pass: runs every timer that falls due, in order, those included that are set on the way, and lets promises
   * settle before the first, between two of them, and after the last.
   *
   * @throws {RangeError} if `ms` is not a finite number of at least 0
   */
  async advance(ms: number): Promise<void> {
    const end = this.#now + checked('advance', ms)
    const promises = new PromiseTurns()
    try {
      await promises.settle()
      for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
        this.clearTimeout(next.handle)
        this.#move(Math.max(next.at, this.#now))
        next.callback()
        await promises.settle()
      }
    } finally {
      promises.close()
    }
    // A callback may have frozen the clock for longer.
    this.#move(Math.max(end, this.#now))
  }

  /**
   * Freezes the page for `ms`: both clocks move, but no timer runs and no promise settles. What fell due meanwhile runs
   * late, at the next `advance`.
   *
   * @throws {RangeError} if `ms` is not a finite number of at least 0
   */
  freeze(ms: number): void {
    this.#move(this.#now + checked('freeze', ms))
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

  /** The timer that runs first, if it is due by `end`. */
  #next(end: number): Timer | undefined {
    const first = this.#queue.at(-1)
    return first !== undefined && first.at <= end ? first : undefined
  }

  /** The place of a timer in the queue, whether it is there or not. */
  #position({ at, handle }: Timer): number {
    let [low, high] = [0, this.#queue.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = this.#queue[middle]
      if (other !== undefined && (other.at > at || (other.at === at && other.handle > handle)))
        low = middle + 1
      else high = middle
    }
    return low
  }
}

function checked(method: string, ms: number): number {
  if (ms >= 0 && ms < Infinity) return ms
  throw new RangeError(`${method} takes a finite number of ms of at least 0, but got ${String(ms)}`)
}
