import { HubError } from './server.ts'
import type { StreamEnd } from './event-stream.ts'

/** ms before the first reconnection; doubled by each further one. */
const FIRST = 1000
const LONGEST = 60_000
/** ms between two tries of streams if streams bring nothing here: some proxies keep back what they pass on. */
const BUFFERED = 300_000
/** Streams in a row that brought nothing in time. */
const MAX_FRUITLESS = 2

/** When a client opens its next stream (H4). */
export class Backoff {
  readonly #random: () => number
  #failures = 0
  #fruitless = 0

  constructor(random: () => number) {
    this.#random = random
  }

  /** A stream has proved itself: by a second beat in time, and not by its head. */
  proved(): void {
    this.#failures = 0
    this.#fruitless = 0
  }

  /** True if the last stream brought nothing in time. */
  get isHeld(): boolean {
    return this.#fruitless > 0
  }

  /** Returns ms until the next stream. @param isProved the stream had a second beat in time */
  delay({ retry, error, isHeld }: StreamEnd, isProved: boolean): number {
    if (retry !== undefined) return retry
    if (error instanceof HubError && error.code !== 'HTTP') return this.#later(error.retryAfter ?? 0)
    this.#fruitless = isHeld && !isProved ? this.#fruitless + 1 : 0
    if (this.#fruitless >= MAX_FRUITLESS) return this.#later(BUFFERED)
    const delay = this.#later(Math.min(FIRST * 2 ** this.#failures, LONGEST))
    if (!isProved) this.#failures += 1
    const asked = error instanceof HubError ? (error.retryAfter ?? 0) : 0
    return Math.max(delay, asked === 0 ? 0 : this.#later(asked))
  }

  /** Spread upwards only, so that not all clients come back at once. */
  #later(delay: number): number {
    return delay * (1 + this.#random() / 2)
  }
}
