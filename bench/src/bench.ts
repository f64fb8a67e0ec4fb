/**
 * `npm run bench`: measures everything and writes `results.json`, `RESULTS.md` and `chart.svg`.
 *
 * - `--quick`: a part of the figures, one turn each, only printed
 * - `--only=refresh/auto-refresh`: the figures whose names begin like this, only printed
 * - `--turns=1`: fewer turns
 * - `--again=refresh/`: measures these figures again, and replaces the present results
 * - `--report`: writes the page and the chart from the present results
 */
import { parseArgs } from 'node:util'
import { commitOf, describeMachine, describeVersions } from './machine.ts'
import { plan, type Cell } from './plan.ts'
import { spreadText } from './report/table.ts'
import { readResults, writeReport, writeResults } from './results-files.ts'
import type { Measured } from './results.ts'
import { takeTurns } from './turns.ts'

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
    only: { type: 'string' },
    again: { type: 'string' },
    turns: { type: 'string' },
  },
})

/** Overrides the number of turns of each figure. */
const most = Number(flags.turns ?? Infinity)

if (flags.report) writeReport(readResults())
else if (flags.quick) print(await measure((cell) => cell.isQuick, 1))
else if (flags.only !== undefined) print(await measure(beginsWith(flags.only), most))
else if (flags.again !== undefined) await measureAgain(flags.again)
else await measureAll()

function beginsWith(prefixes: string): (cell: { readonly id: string }) => boolean {
  return ({ id }) => prefixes.split(',').some((prefix) => id.startsWith(prefix))
}

async function measure(isMeant: (cell: Cell) => boolean, turns: number): Promise<Measured[]> {
  const measured: Measured[] = []
  for (const group of plan()) {
    const cells = group.filter(isMeant)
    const [first] = cells
    if (first !== undefined && !process.stderr.isTTY) console.error(`${first.id.split('/')[0]} …`)
    measured.push(...(await takeTurns(cells, turns, tell)))
  }
  return measured
}

async function measureAll(): Promise<void> {
  const began = Date.now()
  const cells = await measure(() => true, most)
  const results = {
    date: new Date().toISOString(),
    commit: commitOf(),
    machine: describeMachine(),
    versions: describeVersions(),
    seconds: Math.round((Date.now() - began) / 1000),
    cells,
  }
  writeResults(results)
  writeReport(results)
}

async function measureAgain(figures: string): Promise<void> {
  const results = readResults()
  const anew = await measure(beginsWith(figures), most)
  const cells = results.cells.map((cell) => anew.find(({ id }) => id === cell.id) ?? cell)
  cells.push(...anew.filter(({ id }) => !cells.some((cell) => cell.id === id)))
  const turns = Math.max(...anew.map((cell) => cell.turns))
  const again = [
    ...(results.again ?? []),
    { figures, turns, date: new Date().toISOString(), commit: commitOf() },
  ]
  const updated = { ...results, cells, again }
  writeResults(updated)
  writeReport(updated)
}

function tell(id: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[2K${id}`)
}

function print(cells: readonly Measured[]): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001B[2K')
  for (const { id, values, stopped } of cells) {
    const texts = Object.entries(values).map(([name, spread]) => `${name} ${spreadText(spread)}`)
    console.log(`${id.padEnd(56)} ${stopped ?? texts.join(', ')}`)
  }
}
