import { idOf, type Variant } from './plan.ts'
import type { Measured, Results, Spread } from './results.ts'

/** The figures of a run, by measure, competitor and variant. */
export class Figures {
  readonly #cells: ReadonlyMap<string, Measured>

  constructor({ cells }: Results) {
    this.#cells = new Map(cells.map((cell) => [cell.id, cell]))
  }

  cell(measure: string, competitor: string, variant: Variant = {}): Measured | undefined {
    return this.#cells.get(idOf(measure, competitor, variant))
  }

  spread(measure: string, competitor: string, variant: Variant, value: string): Spread | undefined {
    return this.cell(measure, competitor, variant)?.values[value]
  }

  /** Returns the median; `NaN` if nothing was measured. */
  median(measure: string, competitor: string, variant: Variant, value: string): number {
    return this.spread(measure, competitor, variant, value)?.median ?? NaN
  }
}
