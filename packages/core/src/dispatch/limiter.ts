import type { TokenBucket } from '../options.ts'

/** A share of a token: sums of fractions miss whole numbers by less. */
const ROUNDING = 1e-9

/** How many sync calls run, and how fast they start (S4). A slot and a token are taken by a start, never reserved. */
export class Limiter {
  running = 0
  readonly #parallelism: number
  readonly #burst: number
  /** Tokens a ms. */
  readonly #rate: number
  #tokens: number
  #countedAt = 0

  constructor(parallelism: number, rateLimit: TokenBucket | undefined) {
    this.#parallelism = parallelism
    this.#burst = rateLimit?.burst ?? Infinity
    this.#rate = rateLimit === undefined ? 0 : rateLimit.calls / rateLimit.per
    this.#tokens = this.#burst
  }

  get hasSlot(): boolean {
    return this.running < this.#parallelism
  }

  /** When a token is there: now, or later. */
  tokenAt(now: number): number {
    const tokens = this.#count(now)
    return tokens >= 1 - ROUNDING ? now : now + (1 - tokens) / this.#rate
  }

  start(now: number): void {
    this.running += 1
    this.#tokens = this.#count(now) - 1
    this.#countedAt = now
  }

  end(): void {
    this.running -= 1
  }

  /** Before the first start the bucket is full, whatever time it is. */
  #count(now: number): number {
    return Math.min(this.#burst, this.#tokens + (now - this.#countedAt) * this.#rate)
  }
}
