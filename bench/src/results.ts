import * as v from 'valibot'

const spread = v.object({ median: v.number(), min: v.number(), max: v.number() })

/** The measurements of a run. */
export const resultsSchema = v.object({
  date: v.string(),
  commit: v.string(),
  machine: v.record(v.string(), v.string()),
  versions: v.record(v.string(), v.string()),
  seconds: v.number(),
  /** Measurements that were repeated later. */
  again: v.optional(
    v.array(v.object({ figures: v.string(), turns: v.number(), date: v.string(), commit: v.string() })),
  ),
  cells: v.array(
    v.object({
      id: v.string(),
      turns: v.number(),
      values: v.record(v.string(), spread),
      /** The reason if there are no more turns, or none. */
      stopped: v.optional(v.string()),
    }),
  ),
})

export type Results = v.InferOutput<typeof resultsSchema>
export type Measured = Results['cells'][number]
export type Spread = v.InferOutput<typeof spread>

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (index: number): number => sorted[index] ?? NaN
  const middle = sorted.length >> 1
  const median = sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2
  return { median, min: at(0), max: at(sorted.length - 1) }
}
