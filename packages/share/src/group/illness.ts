/** ms for which a leader that alone is ill stays out, and between two such changes in a group (K18). */
export const STAY_OUT = 60_000

/** Watches whether a leader is ill: whether none of its own calls has succeeded for the lease (K18). */
export class Illness {
  #since: number | undefined
  /** When a leader of the group last went because it was ill. */
  #lastAt = -Infinity

  /** A term begins. */
  reset(): void {
    this.#since = undefined
  }

  /** A leader goes because it is ill. */
  note(now: number): void {
    this.#lastAt = now
  }

  /** True if a leader went for that reason a short time ago. */
  isRecent(now: number): boolean {
    return now - this.#lastAt < STAY_OUT
  }

  /** True if this leader has to go. */
  mustGo(now: number, isIll: boolean, lease: number): boolean {
    this.#since = isIll ? (this.#since ?? now) : undefined
    return this.#since !== undefined && now - this.#since >= lease && !this.isRecent(now)
  }
}
