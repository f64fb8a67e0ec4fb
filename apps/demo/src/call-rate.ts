import type { AutoRefreshEvent } from '@auto-refresh/core'

/** The sync calls that started in one second. */
export interface SecondOfCalls {
  readonly calls: number
  /** Of these, those that failed since. */
  readonly failed: number
}

const NO_CALLS: SecondOfCalls = { calls: 0, failed: 0 }

/** Counts the cache's sync calls by the second in which they started. */
export class CallRate {
  readonly #seconds: number
  readonly #now: () => number
  readonly #bySecond = new Map<number, SecondOfCalls>()

  /** @param seconds How far back it knows. @param now Epoch ms. */
  constructor(seconds: number, now: () => number) {
    this.#seconds = seconds
    this.#now = now
  }

  record(event: AutoRefreshEvent<unknown>): void {
    if (event.type === 'sync-started') this.#add(this.#now(), { calls: 1, failed: 0 })
    if (event.type === 'sync-settled' && event.error !== undefined) {
      this.#add(this.#now() - event.duration, { calls: 0, failed: 1 })
    }
  }

  /** The last seconds, oldest first; the last is the running one. */
  history(): SecondOfCalls[] {
    const current = Math.floor(this.#now() / 1000)
    return Array.from(
      { length: this.#seconds },
      (_, index) => this.#bySecond.get(current - this.#seconds + 1 + index) ?? NO_CALLS,
    )
  }

  /** Calls a second, over the last few whole seconds: one alone jumps between 0 and 2. */
  perSecond(over = 5): number {
    const whole = this.history().slice(-over - 1, -1)
    return whole.reduce((sum, { calls }) => sum + calls, 0) / over
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
