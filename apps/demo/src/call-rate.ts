import type { AutoRefreshEvent } from '@auto-refresh/core'

/** The sync calls that started in one second. */
export interface SecondOfCalls {
  readonly calls: number
  /** Of these, those that failed since. */
  readonly failed: number
}

const NO_CALLS: SecondOfCalls = { calls: 0, failed: 0 }

/** Counts sync calls by the second in which they started. */
export class CallRate {
  readonly #seconds: number
  readonly #now: () => number
  readonly #bySecond = new Map<number, SecondOfCalls>()
  /** The second in which counting began. */
  #first: number

  /** @param seconds How far back it knows. @param now Epoch ms. */
  constructor(seconds: number, now: () => number) {
    this.#seconds = seconds
    this.#now = now
    this.#first = this.#current
  }

  /** Counts the calls of a cache, by its events. */
  record(event: AutoRefreshEvent<unknown>): void {
    if (event.type === 'started') this.begin()
    if (event.type === 'sync-started') this.countCall()
    if (event.type === 'sync-settled' && event.error !== undefined) this.countFailure(event.duration)
  }

  /** Says that calls are made from now on: the seconds before do not count in the rate. */
  begin(): void {
    this.#first = this.#current
  }

  countCall(): void {
    this.#add(this.#now(), { calls: 1, failed: 0 })
  }

  /** @param duration ms since the call that failed has started. */
  countFailure(duration: number): void {
    this.#add(this.#now() - duration, { calls: 0, failed: 1 })
  }

  /** The last seconds, oldest first; the last is the running one. */
  history(): SecondOfCalls[] {
    const current = this.#current
    return Array.from(
      { length: this.#seconds },
      (_, index) => this.#bySecond.get(current - this.#seconds + 1 + index) ?? NO_CALLS,
    )
  }

  /** Calls per second, over the last few whole seconds, because one alone jumps between 0 and 2; at first over those so far. */
  perSecond(over = 5): number {
    const whole = Math.min(over, this.#current - this.#first)
    // Before a second has passed, the running one is all there is.
    const counted = whole === 0 ? this.history().slice(-1) : this.history().slice(-whole - 1, -1)
    return counted.reduce((sum, { calls }) => sum + calls, 0) / counted.length
  }

  get #current(): number {
    return Math.floor(this.#now() / 1000)
  }

  #add(at: number, more: SecondOfCalls): void {
    const second = Math.floor(at / 1000)
    const { calls, failed } = this.#bySecond.get(second) ?? NO_CALLS
    this.#bySecond.set(second, { calls: calls + more.calls, failed: failed + more.failed })
    for (const counted of this.#bySecond.keys()) {
      if (counted <= second - this.#seconds - 1) this.#bySecond.delete(counted)
    }
  }
}
