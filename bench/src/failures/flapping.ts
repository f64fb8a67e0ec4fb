import { chance } from './chance.ts'
import { MINUTE, SECOND } from './duration.ts'
import { share, type Scenario } from './outcome.ts'
import { medianOf } from './seeds.ts'
import { FAILURE, SUCCESS } from './source.ts'
import { idsOf, shareOfIdeal, World } from './world.ts'

/** Returns the refreshes (% of ideal) in 20 minutes if each call fails with the probability `failures`. */
async function flapping(items: number, failures: number, seed: number): Promise<number> {
  const interval = 5 * SECOND
  const duration = 20 * MINUTE
  const coin = chance(seed + 1000)
  const world = new World({
    ids: idsOf(items),
    seed,
    cache: { interval },
    source: () => (coin() < failures ? FAILURE : SUCCESS),
  })
  await world.advance(duration)
  const result = shareOfIdeal(world, interval, duration)
  await world.end()
  return result
}

/** [items, share of failing calls, first edition, goal] */
const KNOWN = [
  [100, 0.1, 92, 98],
  [100, 0.5, 44, 76],
  [100, 0.9, 0, 0],
  [1000, 0.1, 91, 98],
  [1000, 0.5, 26, 83],
  [1000, 0.9, 0, 0],
] as const

/** Calls that fail at random. */
export const flappingScenario: Scenario = {
  name: 'flapping',
  async run() {
    const rows = []
    for (const [items, failures, first, goal] of KNOWN) {
      rows.push({
        scenario: `${failures * 100} % of calls fail at random, ${items.toLocaleString('en')} items`,
        figures: [
          share({ first, goal, measured: await medianOf((seed) => flapping(items, failures, seed)) }),
        ],
      })
    }
    return { rows, bounds: [] }
  },
}
