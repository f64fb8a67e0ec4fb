import type { Clock } from '@auto-refresh/core'
import type { Script } from '../script.ts'

interface Timer {
  readonly callback: () => void
  readonly at: number
  readonly order: number
}

/** ms; the wall clock must have run further ahead than this. */
const SLEEP = 30_000

/** Two clocks and the timers of one program, moved by hand. */
export class SimulatedClock implements Clock {
  /** Longer timers fire at once in real runtimes. */
  static readonly longest = 2 ** 31 - 1
  readonly #mode: Script['clock']
  readonly #timers = new Map<number, Timer>()
  #time = 0
  #shown = 0
  #epoch = 1_000_000_000_000
  #handles = 0
  /** A delay that no runtime keeps. */
  wrongDelay: number | undefined
  /** ms by which the wall clock was ever moved forward without the monotonic one. */
  leaps = 0
  /** ms of it that a look at the clocks has found for sure: sleeps of more than 30 s, each before a timer that fired (T2). */
  found = 0
  #toFind = 0
  /** Time was lost, and no timer has fired since. */
  isDisturbed = false
  /** End of the last freeze in which a timer was more than 1 s late. */
  frozenUntil = -Infinity
  /** When a timer first fired after that: from then on calls get time (T5). */
  foundAt = -Infinity

  constructor(mode: Script['clock']) {
    this.#mode = mode
  }

  now(): number {
    return this.#mode === 'normal' ? this.#time : this.#shown
  }

  epoch(): number {
    return this.#mode === 'still' ? 1_000_000_000_000 : this.#epoch
  }

  setTimeout(callback: () => void, delay: number): unknown {
    if (!(delay >= 0 && delay <= SimulatedClock.longest)) this.wrongDelay = delay
    this.#handles += 1
    const wait = delay > SimulatedClock.longest ? 0 : Math.max(0, Math.trunc(delay))
    this.#timers.set(this.#handles, { callback, at: this.#time + wait, order: this.#handles })
    return this.#handles
  }

  clearTimeout(handle: unknown): void {
    if (typeof handle === 'number') this.#timers.delete(handle)
  }

  /** The true monotonic time, whatever the clock shows. */
  get time(): number {
    return this.#time
  }

  get armed(): number {
    return this.#timers.size
  }

  /** When the next timer is due. */
  get next(): number {
    let next = Infinity
    for (const { at } of this.#timers.values()) next = Math.min(next, at)
    return next
  }

  /** Time passes, and no timer fires. */
  freeze(ms: number): void {
    const isLate = this.next + 1000 < this.#time + ms
    this.pass(ms)
    if (isLate) this.frozenUntil = this.#time
  }

  pass(ms: number): void {
    this.#time += ms
    this.#epoch += ms
  }

  passWall(ms: number): void {
    if (this.#mode === 'still') return
    this.#epoch += ms
    this.leaps += Math.max(0, ms)
    // Setting the clock back may hide a sleep before or after it.
    if (ms < 0) this.#toFind = Number.NaN
    else if (ms > SLEEP) this.#toFind += ms
    this.isDisturbed = true
  }

  /** An answer or a request has come in. */
  io(): void {
    if (this.#mode === 'io') this.#shown = this.#time
  }

  /** Fires the timer that is due first. */
  fire(): void {
    let first: [number, Timer] | undefined
    for (const entry of this.#timers)
      if (entry[1].at <= this.#time && (first === undefined || entry[1].at < first[1].at)) first = entry
    if (first === undefined) return
    this.#timers.delete(first[0])
    if (this.isDisturbed) this.foundAt = this.#time
    this.isDisturbed = false
    this.found += Number.isNaN(this.#toFind) ? 0 : this.#toFind
    this.#toFind = 0
    first[1].callback()
  }
}
