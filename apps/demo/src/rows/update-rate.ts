const SECONDS = 5

/** Counts what happens, over the last few seconds. */
export class UpdateRate {
  readonly #now: () => number
  readonly #bySecond = new Map<number, number>()
  readonly #first: number

  /** @param now Epoch ms. */
  constructor(now: () => number) {
    this.#now = now
    this.#first = Math.floor(now() / 1000)
  }

  record(): void {
    const second = Math.floor(this.#now() / 1000)
    this.#bySecond.set(second, (this.#bySecond.get(second) ?? 0) + 1)
  }

  /** Over whole seconds, at first over those so far; the running one is not over. */
  perSecond(): number {
    const current = Math.floor(this.#now() / 1000)
    let total = 0
    for (const [second, count] of this.#bySecond) {
      if (second < current - SECONDS) this.#bySecond.delete(second)
      else if (second < current) total += count
    }
    return total / Math.max(1, Math.min(SECONDS, current - this.#first))
  }
}
