import { type ModelCall } from './call.ts'
import { type Rules } from './rules.ts'

/** F6: from three failed calls in a row to the first success, one probe at a time. */
export class ModelOutage {
  readonly #rules: Rules
  #failedInRow = 0
  #failedProbes = 0
  #lastSizes: number[] = []
  #last: ModelCall | undefined
  /** The spacings, once the turn of the failure is over: intervals that change later change nothing. */
  #fixed: readonly number[] | undefined
  #failedAt = 0
  /** After a sleep the spacing is over. */
  isSpacingOver = false

  constructor(rules: Rules) {
    this.#rules = rules
  }

  get isOn(): boolean {
    return this.#failedInRow >= 3
  }

  endTurn(): void {
    this.#fixed = this.#spacings()
  }

  /** Half the last failed call, or the larger of those of which it cannot be told which was last. */
  get largestProbe(): number {
    return Math.max(1, Math.floor(Math.max(...this.#lastSizes) / 2))
  }

  /** No probe before this. */
  get notBefore(): number {
    return this.isSpacingOver
      ? 0
      : this.#failedAt + Math.min(...this.#spacings(), Math.max(1, this.#rules.maxDelay))
  }

  /** What is due is probed by then. */
  get noLater(): number {
    return this.#failedAt + Math.max(...this.#spacings())
  }

  /** By the intervals as they were when the last failed call began, and as they are now. */
  #spacings(): readonly number[] {
    if (this.#fixed !== undefined) return this.#fixed
    const { factor, maxDelay } = this.#rules
    if (this.#last === undefined) return [0]
    let [all, active, failed] = [Infinity, Infinity, Infinity]
    for (const { entry } of this.#last.sent.values()) {
      const interval = entry.interval ?? maxDelay
      all = Math.min(all, interval)
      failed = Math.min(failed, entry.failedInterval)
      if (entry.status === 'active' && !entry.isDeleting) active = Math.min(active, interval)
    }
    return [this.#last.smallestInterval, all, active, failed].map((interval) => {
      const base = Number.isFinite(interval) ? interval : 1000
      return Math.min(base * factor ** Math.max(0, this.#failedProbes - 1), Math.max(maxDelay, base))
    })
  }

  /** Whether the call was the third to fail, or a later one: it counts as one in the outage (F2). */
  failed(call: ModelCall, now: number): boolean {
    this.#failedInRow += 1
    if (!this.isOn) return false
    const isFirst = this.#failedInRow === 3
    if (isFirst) this.#failedProbes = 0
    if (!isFirst && !call.isProbe) {
      this.#lastSizes.push(call.sent.size)
      return true
    }
    if (call.isProbe && !isFirst) this.#failedProbes += 1
    this.#lastSizes = [call.sent.size]
    this.#failedAt = now
    this.#fixed = undefined
    this.isSpacingOver = false
    this.#last = call
    return true
  }

  succeeded(): void {
    this.#failedInRow = 0
    this.#failedProbes = 0
  }
}
