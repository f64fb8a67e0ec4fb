import type { Clock } from '@auto-refresh/core'

/** One timer, which is set or not. */
export class Alarm {
  readonly #clock: Clock
  readonly #fired: () => void
  #handle: unknown
  isSet = false

  constructor(clock: Clock, fired: () => void) {
    this.#clock = clock
    this.#fired = fired
  }

  /** Sets it anew. @param delay ms */
  set(delay: number): void {
    this.clear()
    this.isSet = true
    this.#handle = this.#clock.setTimeout(() => {
      this.isSet = false
      this.#fired()
    }, delay)
  }

  clear(): void {
    if (this.isSet) this.#clock.clearTimeout(this.#handle)
    this.isSet = false
  }
}
