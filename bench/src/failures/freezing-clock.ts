import type { Clock } from '@auto-refresh/core'
import type { VirtualClock } from '@auto-refresh/core/testing'

/** A part of a process that can freeze: what falls due meanwhile waits, and runs in its order when the process goes on. */
export class FreezingClock implements Clock {
  readonly #clock: VirtualClock
  readonly #late = new Map<unknown, () => void>()
  #isFrozen = false

  constructor(clock: VirtualClock) {
    this.#clock = clock
  }

  now(): number {
    return this.#clock.now()
  }

  epoch(): number {
    return this.#clock.epoch()
  }

  setTimeout(callback: () => void, delay: number): unknown {
    const handle = this.#clock.setTimeout(() => {
      if (this.#isFrozen) this.#late.set(handle, callback)
      else callback()
    }, delay)
    return handle
  }

  clearTimeout(handle: unknown): void {
    this.#late.delete(handle)
    this.#clock.clearTimeout(handle)
  }

  freeze(): void {
    this.#isFrozen = true
  }

  /** Runs what is late. Promises settle between two callbacks. */
  async thaw(): Promise<void> {
    this.#isFrozen = false
    for (const [handle, callback] of this.#late) {
      this.#late.delete(handle)
      callback()
      await this.#clock.advance(0)
    }
  }
}
