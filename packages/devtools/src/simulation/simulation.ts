import { type Faults, NO_FAULTS } from './faults.ts'

/** The faults of one cache, which the panel and programs switch on and off. */
export class Simulation {
  readonly #listeners = new Set<{ readonly listener: () => void }>()
  #faults: Faults = NO_FAULTS

  /** The same object until a fault changes. */
  get faults(): Faults {
    return this.#faults
  }

  /**
   * Changes the named faults. Calls that run already go on as they started.
   *
   * @throws {RangeError} if `delay` is not a finite number ≥ 0
   */
  set(changes: Partial<Faults>): void {
    const { delay = 0 } = changes
    if (!(delay >= 0 && delay < Infinity)) throw new RangeError(`delay must be finite and ≥ 0, got ${delay}`)
    const before = this.#faults
    const after = { ...before, ...changes }
    const names = ['offline', 'hidden', 'delay', 'failing', 'poisonousId'] as const
    if (names.every((name) => Object.is(before[name], after[name]))) return
    this.#faults = after
    for (const subscription of [...this.#listeners]) {
      if (this.#listeners.has(subscription)) subscription.listener()
    }
  }

  /** Switches every fault off. */
  clear(): void {
    this.set(NO_FAULTS)
  }

  /** Calls `listener` at once after a fault has changed. Returns the unsubscribe function. */
  subscribe(listener: () => void): () => void {
    const subscription = { listener }
    this.#listeners.add(subscription)
    return () => {
      this.#listeners.delete(subscription)
    }
  }
}
