/** Beats within which two lumps show that a stream is held back. */
const NEAR = 4

/**
 * The beats of one stream. The hub sends them evenly. Something on the way that holds back what it passes on, until a buffer
 * is full for example, brings some of them together: a lump.
 */
export class Beats {
  readonly #beat: number
  #count = 0
  #lastAt = -Infinity
  /** Number of the beat that came last with the one before it. */
  #lump = -Infinity
  #isProved = false

  /** @param beat ms between two beats */
  constructor(beat: number) {
    this.#beat = beat
  }

  get isNone(): boolean {
    return this.#count === 0
  }

  /** True once a beat came when it was due after the one before. */
  get isProved(): boolean {
    return this.#isProved
  }

  /** A beat arrived. Returns true if the stream is held back: a single lump may be this client's own pause. @param now ms */
  add(now: number): boolean {
    const gap = now - this.#lastAt
    this.#lastAt = now
    this.#count += 1
    if (gap >= this.#beat / 2) {
      if (gap <= this.#beat * 1.25) this.#isProved = true
      return false
    }
    const since = this.#count - this.#lump
    this.#lump = this.#count
    return since > 1 && since <= NEAR
  }
}
