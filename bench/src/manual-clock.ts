import type { Clock } from '@auto-refresh/core'

/** The cheapest clock that moves by command: it holds the one timer that a cache has. */
export class ManualClock implements Clock {
  #now = 0
  #timer: { readonly at: number; readonly callback: () => void } | undefined

  now(): number {
    return this.#now
  }

  epoch(): number {
    return this.#now
  }

  setTimeout(callback: () => void, delay: number): unknown {
    this.#timer = { at: this.#now + delay, callback }
    return this.#timer
  }

  clearTimeout(): void {
    this.#timer = undefined
  }

  /** Lets all promise jobs run. */
  settle(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve))
  }

  /** Jumps to the timer, and fires it. */
  async fire(): Promise<void> {
    const timer = this.#timer
    if (timer === undefined) throw new Error('nothing is planned')
    this.#timer = undefined
    this.#now = Math.max(this.#now, timer.at)
    timer.callback()
    await this.settle()
  }
}
