import { idOf, type Variant } from './plan.ts'
import type { Measured, Results, Spread } from './results.ts'

/** The figures of a run, by what they are of. */
export class Figures {
  readonly #cells: ReadonlyMap<string, Measured>

  constructor({ cells }: Results) {
    this.#cells = new Map(cells.map((cell) => [cell.id, cell]))
  }

  cell(measure: string, contestant: string, variant: Variant = {}): Measured | undefined {
    return this.#cells.get(idOf(measure, contestant, variant))
  }

  spread(measure: string, contestant: string, variant: Variant, value: string): Spread | undefined {
    return this.cell(measure, contestant, variant)?.values[value]
  }

  /** The median; `NaN` where nothing was measured. */
  median(measure: string, contestant: string, variant: Variant, value: string): number {
    return this.spread(measure, contestant, variant, value)?.median ?? NaN
  }
}
