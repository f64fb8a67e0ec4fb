/** S4: tokens come one by one, up to a burst, and are kept over a stop. */
export class TokenBucket {
  readonly #perMs: number
  readonly #burst: number
  #tokens: number
  #at: number

  constructor(limit: { readonly calls: number; readonly per: number; readonly burst: number }, now: number) {
    this.#perMs = limit.calls / limit.per
    this.#burst = limit.burst
    this.#tokens = limit.burst
    this.#at = now
  }

  /** Whether a call could have been started at this time. */
  has(now: number): boolean {
    return this.#level(now) >= 1 - 1e-6
  }

  take(now: number): void {
    this.#tokens = this.#level(now) - 1
    this.#at = now
  }

  #level(now: number): number {
    return Math.min(this.#burst, this.#tokens + Math.max(0, now - this.#at) * this.#perMs)
  }
}
