import { type Violations } from '../violation.ts'
import { type ModelEntry } from './entry.ts'

/** What an interval function gave: ms, or nothing that can be used. */
export type Evaluated = number | 'bad'

export function evaluated(value: unknown): Evaluated {
  return typeof value === 'number' && value > 0 ? Math.max(1, value) : 'bad'
}

/** S2: the interval of an item is evaluated exactly once where it has to be, and nowhere else. */
export class Evaluations {
  readonly #fixed: Evaluated | undefined
  readonly #violations: Violations
  readonly #isVague: (id: string) => boolean
  readonly #seen = new Map<string, Evaluated[]>()
  readonly #allowed = new Set<string>()
  readonly #expected = new Map<ModelEntry, (value: Evaluated) => void>()

  constructor(fixed: number | undefined, violations: Violations, isVague: (id: string) => boolean) {
    this.#isVague = isVague
    this.#fixed = fixed === undefined ? undefined : evaluated(fixed)
    this.#violations = violations
  }

  /** The interval function was called. */
  see(id: string, value: Evaluated): void {
    for (const [entry, plan] of this.#expected)
      if (entry.id === id) {
        this.#expected.delete(entry)
        plan(value)
        return
      }
    const seen = this.#seen.get(id)
    if (seen === undefined) this.#seen.set(id, [value])
    else seen.push(value)
  }

  /** The contract has it called now. */
  expect(entry: ModelEntry, plan: (value: Evaluated) => void): void {
    if (this.#fixed !== undefined) return plan(this.#fixed)
    const seen = this.#seen.get(entry.id)?.shift()
    if (seen === undefined) {
      this.#flushOf(entry)
      this.#expected.set(entry, plan)
    } else plan(seen)
  }

  /** The contract leaves it open whether it is called. */
  allow(id: string): void {
    this.#allowed.add(id)
  }

  /** At the end of a turn nothing may be open. */
  endTurn(isThere: (entry: ModelEntry) => boolean): void {
    for (const [entry, plan] of this.#expected) {
      if (isThere(entry) && !this.#isVague(entry.id))
        this.#violations.add('S2', `the interval of ${JSON.stringify(entry.id)} was not evaluated`)
      plan(1)
    }
    for (const [id, values] of this.#seen)
      if (values.length > 0 && !this.#isVague(id) && !this.#allowed.has(id))
        this.#violations.add(
          'S2',
          `the interval of ${JSON.stringify(id)} was evaluated ${values.length}× too often`,
        )
    this.#expected.clear()
    this.#seen.clear()
    this.#allowed.clear()
  }

  #flushOf(entry: ModelEntry): void {
    if (this.#expected.has(entry) && !this.#isVague(entry.id))
      this.#violations.add(
        'S2',
        `the interval of ${JSON.stringify(entry.id)} was evaluated once for two settlements`,
      )
  }
}
