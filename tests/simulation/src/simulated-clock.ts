import type { Clock } from '@auto-refresh/core'

interface Timer {
  readonly callback: () => void
  readonly at: number
  readonly order: number
}

/** Two clocks and the timers of one program, all moved by hand. Timers fire when told to, and not before. */
export class SimulatedClock implements Clock {
  /** Timers longer than this fire at once in real runtimes. */
  static readonly longest = 2 ** 31 - 1
  readonly #timers = new Map<number, Timer>()
  #now = 0
  #epoch = 1_000_000_000_000
  #handles = 0
  #wrongDelay: number | undefined
  fires = 0
  /** Whether the two clocks ever went apart. */
  hasWallMoved = false

  now(): number {
    return this.#now
  }

  epoch(): number {
    return this.#epoch
  }

  setTimeout(callback: () => void, delay: number): unknown {
    if (!(delay >= 0 && delay <= SimulatedClock.longest)) this.#wrongDelay = delay
    this.#handles += 1
    const wait = delay > SimulatedClock.longest ? 0 : Math.max(0, Math.trunc(delay))
    this.#timers.set(this.#handles, { callback, at: this.#now + wait, order: this.#handles })
    return this.#handles
  }

  clearTimeout(handle: unknown): void {
    if (typeof handle === 'number') this.#timers.delete(handle)
  }

  get armed(): number {
    return this.#timers.size
  }

  /** A delay that no runtime keeps, where one was asked for. */
  get wrongDelay(): number | undefined {
    return this.#wrongDelay
  }

  /** When the next timer is due. */
  get next(): number {
    let next = Infinity
    for (const { at } of this.#timers.values()) next = Math.min(next, at)
    return next
  }

  pass(ms: number): void {
    this.#now += ms
    this.#epoch += ms
  }

  passWall(ms: number): void {
    this.hasWallMoved = true
    this.#epoch += ms
  }

  /** Fires one timer that is due. */
  fire(): void {
    let first: [number, Timer] | undefined
    for (const entry of this.#timers)
      if (entry[1].at <= this.#now && (first === undefined || entry[1].at < first[1].at)) first = entry
    if (first === undefined) return
    this.#timers.delete(first[0])
    this.fires += 1
    first[1].callback()
  }
}
