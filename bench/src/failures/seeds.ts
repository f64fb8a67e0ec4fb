/** Seeds of which the table shows the median. */
export const SEEDS = [1, 2, 3, 4, 5] as const

/** Returns the median of a scenario's results over the seeds. */
export async function medianOf(run: (seed: number) => Promise<number>): Promise<number> {
  const results: number[] = []
  for (const seed of SEEDS) results.push(await run(seed))
  return median(results)
}

/** Returns the value in the middle. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Infinity
}
