/**
 * `npm run bench:failures`: simulates failing sources on a virtual clock and compares the figures with the first edition's, with
 * their goals, and with the bounds of the contract. Writes `bench/failures.json`, `docs/failures.md` and `docs/failures.svg`.
 * Fails if a bound is missed. With `--only=poison,outage` only these scenarios run, and nothing is written.
 */
import { parseArgs } from 'node:util'
import { isMet, isReached, type Outcome } from './outcome.ts'
import { measurePoisonCurve } from './poison-curve.ts'
import { writeReport } from './report.ts'
import { SCENARIOS } from './scenarios.ts'
import { boundTable, rowTable } from './table.ts'

const { values: flags } = parseArgs({ options: { only: { type: 'string' } } })
const names = flags.only?.split(',')
const unknown = names?.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name)) ?? []
if (unknown.length > 0) {
  const known = SCENARIOS.map(({ name }) => name).join(', ')
  console.error(`There is no scenario ${unknown.join(', ')}. There are ${known}.`)
  process.exit(2)
}

const outcomes: Outcome[] = []
for (const { name, run } of SCENARIOS) {
  if (names?.includes(name) === false) continue
  const start = performance.now()
  outcomes.push(await run())
  console.error(`${name}: ${((performance.now() - start) / 1000).toFixed(1)} s`)
}

const rows = outcomes.flatMap((outcome) => outcome.rows)
const bounds = outcomes.flatMap((outcome) => outcome.bounds)
if (rows.length > 0) console.log(`\n${rowTable(rows)}`)
if (bounds.length > 0) console.log(`\n${boundTable(bounds)}`)
if (names === undefined) writeReport({ rows, bounds, curve: await measurePoisonCurve() })

const short = rows.filter(({ figures }) => !figures.every(isReached)).length
const missed = bounds.filter((bound) => !isMet(bound)).length
console.log(
  `\n${rows.length - short} of ${rows.length} scenarios reach their goal; ${bounds.length - missed} of ${bounds.length} bounds are met.`,
)
process.exitCode = missed > 0 ? 1 : 0
