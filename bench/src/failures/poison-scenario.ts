import { MINUTE, SECOND, seconds } from './duration.ts'
import { atLeast, atMost, share, time, type Bound, type Row, type Scenario } from './outcome.ts'
import { INTERVAL, medianPoison, poison, type PoisonResult } from './poison.ts'

/** A line of the table: [items, poisonous ids, first edition's share, its worst age, goal's share, its worst age, batchSize] */
type Known = readonly [
  items: number,
  poisonous: number,
  first: readonly [share: number, worstAge?: number],
  goal: readonly [share: number, worstAge: number],
  batchSize?: number,
]

const KNOWN: readonly Known[] = [
  [100, 1, [98, 43], [100, 9]],
  [100, 10, [87, 114], [99, 12]],
  [100, 30, [12, 338], [100, 14]],
  [100, 90, [0], [60, 381]],
  [1000, 30, [12], [100, 15]],
  [1000, 100, [10], [98, 31]],
  [1000, 300, [0], [93, 109]],
  [10_000, 30, [100], [100, 21]],
  [10_000, 1000, [0], [70, 322]],
  [10_000, 3000, [0], [20, 1612]],
  [100, 30, [3], [100, 6], 1],
  [100, 90, [0], [100, 6], 1],
]

/** ms; the last items of the slowest mix are first seen after more than 10 minutes. */
const LONG = 30 * MINUTE

async function rowOf([items, poisonous, first, goal, batchSize = 100]: Known): Promise<Row> {
  const options = { items, poisonous, batchSize }
  const result = await (items > 1000 ? poison(options) : medianPoison(options))
  const { worstAge } = goal[1] * SECOND < 10 * MINUTE ? result : await poison({ ...options, duration: LONG })
  return {
    scenario: `${poisonous.toLocaleString('en')} of ${items.toLocaleString('en')} items poisonous${batchSize === 1 ? ', one a call' : ''}: healthy ones`,
    figures: [
      share({ first: first[0], goal: goal[0], measured: result.share }),
      time({ label: 'worst age', first: first[1], goal: goal[1], measured: worstAge }),
    ],
  }
}

/** s within which the ids must be alone. */
export const ISOLATION: readonly {
  readonly items: number
  readonly poisonous: number
  readonly limit: number
}[] = [
  { items: 100, poisonous: 1, limit: 15 },
  { items: 1000, poisonous: 1, limit: 15 },
  { items: 100, poisonous: 30, limit: 25 },
  { items: 1000, poisonous: 30, limit: 25 },
  { items: 1000, poisonous: 100, limit: 45 },
  { items: 1000, poisonous: 300, limit: 150 },
]

/** The worst of some seeds. */
export async function isolationBounds(
  { items, poisonous, limit }: (typeof ISOLATION)[number],
  seeds: readonly number[] = [1, 2, 3, 4],
): Promise<Bound[]> {
  const results: PoisonResult[] = []
  for (const seed of seeds) results.push(await poison({ items, poisonous, seed, warmUp: limit * SECOND }))
  const name = `${poisonous} of ${items.toLocaleString('en')} poisonous`
  return [
    atMost(
      `${name}: isolated after`,
      's',
      limit,
      Math.max(...results.map(({ isolatedAfter }) => isolatedAfter)),
    ),
    atLeast(
      `${name}: refreshes of healthy items then`,
      '%',
      95,
      Math.min(...results.map((result) => result.share)),
    ),
    atMost(
      `${name}: worst age of healthy items then`,
      's',
      seconds(1.5 * INTERVAL),
      Math.max(...results.map(({ worstAge }) => worstAge)),
    ),
  ]
}

/** Ids that make every call fail that contains them. */
export const poisonScenario: Scenario = {
  name: 'poison',
  async run() {
    const rows = []
    for (const known of KNOWN) rows.push(await rowOf(known))
    const bounds = []
    for (const isolation of ISOLATION) bounds.push(...(await isolationBounds(isolation)))
    return { rows, bounds }
  },
}
