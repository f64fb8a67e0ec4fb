/** ms for which a leader that alone is ill stays out, and between two such changes in a group (K18). */
export const STAY_OUT = 60_000

/** Watches whether a leader is ill: none of its own calls has succeeded for the lease (K18). */
export class Illness {
  /** When the first call failed since the last success; undefined: the last call succeeded. */
  #since: number | undefined
  /** When the lease ends that began with that failure. Looked at once; later each beat looks. */
  #dueAt = Infinity
  /** When a leader of the group last went because it was ill. */
  #lastAt = -Infinity

  /** A term begins, or a call has succeeded. */
  reset(): void {
    this.#since = undefined
    this.#dueAt = Infinity
  }

  /** A call of this leader has settled. */
  settled(isFailed: boolean, now: number, lease: number): void {
    if (!isFailed) this.reset()
    else if (this.#since === undefined) {
      this.#since = now
      this.#dueAt = now + lease
    }
  }

  /** When `mustGo` is to be asked, besides each beat; Infinity if never. */
  get dueAt(): number {
    return this.#dueAt
  }

  /** A leader goes because it is ill. */
  note(now: number): void {
    this.#lastAt = now
  }

  /** True if a leader went for that reason a short time ago. */
  isRecent(now: number): boolean {
    return now - this.#lastAt < STAY_OUT
  }

  /** True if this leader has to go. @param isOutage one failure is no illness */
  mustGo(now: number, isOutage: boolean, lease: number): boolean {
    if (now >= this.#dueAt) this.#dueAt = Infinity
    return isOutage && this.#since !== undefined && now - this.#since >= lease && !this.isRecent(now)
  }
}
