/** A promise of the contract that was not kept. */
export interface Violation {
  /** The rule's number in `docs/semantics.md`. */
  readonly rule: string
  readonly message: string
}

/**
 * Collects what was not kept. It does not throw: most of it is seen inside callbacks of the cache, which takes in
 * whatever those throw.
 */
export class Violations {
  readonly #found: Violation[] = []
  /**
   * The application wrote in the middle of a write of the cache: from here on more than one order is right, and only what
   * holds in every order is checked.
   */
  isBlurred = false

  /** What can be told if the order of things is known. */
  add(rule: string, message: string): void {
    if (!this.isBlurred) this.#found.push({ rule, message })
  }

  check(holds: boolean, rule: string, message: () => string): void {
    if (!holds) this.add(rule, message())
  }

  /** What holds in every order. */
  always(holds: boolean, rule: string, message: () => string): void {
    if (!holds) this.#found.push({ rule, message: message() })
  }

  get first(): Violation | undefined {
    return this.#found[0]
  }
}
