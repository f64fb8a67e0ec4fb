/** The middle one of some figures. Of a machine that runs other things, too, the worst says more about these. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** Prints what was measured, so that the table of `docs/reliability.md` can be made again. */
export function printFigures(what: string, values: readonly number[]): void {
  const all = values.toSorted((a, b) => a - b).map(Math.round)
  process.stderr.write(`${what}, ms: ${all.join(' ')} (median ${Math.round(median(values))})\n`)
}
