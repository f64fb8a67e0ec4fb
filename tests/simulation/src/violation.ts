/** A promise of the contract that was not kept. */
export interface Violation {
  /** The rule's number in `docs/semantics.md`, or the name of a bound. */
  readonly rule: string
  readonly message: string
}

/** Collects violations. It does not throw, because the cache catches whatever its callbacks throw. */
export class Violations {
  readonly #found: Violation[] = []

  add(rule: string, message: string): void {
    this.#found.push({ rule, message })
  }

  check(holds: boolean, rule: string, message: () => string): void {
    if (!holds) this.add(rule, message())
  }

  get first(): Violation | undefined {
    return this.#found[0]
  }
}
