import type { Clock } from '@auto-refresh/core'
import type { VirtualClock } from '@auto-refresh/core/testing'

/** A part of a process that can freeze: tasks that fall due meanwhile wait, and run in order when the process continues. */
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

  /** Runs the late tasks. Promises settle between two callbacks. */
  async thaw(): Promise<void> {
    this.#isFrozen = false
    for (const [handle, callback] of this.#late) {
      this.#late.delete(handle)
      callback()
      await this.#clock.advance(0)
    }
  }
}
