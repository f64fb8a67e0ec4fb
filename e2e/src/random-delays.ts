import { randomInt } from 'node:crypto'

/** Random delays, repeatable by the seed E2E_SEED. */
export class RandomDelays {
  readonly seed: number
  #state: number

  constructor(seed = Number(process.env['E2E_SEED'] ?? randomInt(2 ** 31))) {
    this.seed = seed
    this.#state = seed
  }

  /** Whole ms, from 0 up to `most`. */
  next(most: number): number {
    // mulberry32
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * (most + 1))
  }
}
