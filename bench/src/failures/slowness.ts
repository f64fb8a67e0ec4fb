import { chance, pick } from './chance.ts'
import { MINUTE, SECOND } from './duration.ts'
import { share, type Scenario } from './outcome.ts'
import { medianOf } from './seeds.ts'
import { SILENCE, SUCCESS } from './source.ts'
import { idsOf, shareOfIdeal, World } from './world.ts'

const INTERVAL = 5 * SECOND

/** Returns the refreshes of an item in 20 minutes if every answer takes 27 of the 30 s that a call may take. */
async function slowSource(items: number): Promise<number> {
  const world = new World({
    ids: idsOf(items),
    cache: { interval: INTERVAL },
    source: () => ({ latency: 27 * SECOND }),
  })
  await world.advance(20 * MINUTE)
  const refreshes = world.freshness.perItem()
  await world.end()
  return refreshes
}

/** Returns the refreshes of healthy items (% of ideal) in 30 minutes beside ids whose calls never get an answer. */
async function hangingPoison(items: number, poisonous: number, seed: number): Promise<number> {
  const duration = 30 * MINUTE
  const ids = idsOf(items)
  const bad = pick(ids, poisonous, chance(seed + 1000))
  const world = new World({
    ids,
    seed,
    watched: ids.filter((id) => !bad.has(id)),
    cache: { interval: INTERVAL },
    source: (call) => (call.ids.some((id) => bad.has(id)) ? SILENCE : SUCCESS),
  })
  await world.advance(duration)
  const result = shareOfIdeal(world, INTERVAL, duration)
  await world.end()
  return result
}

/** Calls that take long, or for ever. */
export const slownessScenario: Scenario = {
  name: 'slowness',
  async run() {
    return {
      rows: [
        {
          scenario: 'slow source (27 of 30 s), 1,000 items: refreshes in 20 min',
          figures: [
            { unit: 'refreshes', better: 'more', first: 17.6, goal: 17.6, measured: await slowSource(1000) },
          ],
        },
        {
          scenario: '5 of 1,000 ids hang, for 30 min: healthy ones',
          figures: [
            share({ first: 78, goal: 95, measured: await medianOf((seed) => hangingPoison(1000, 5, seed)) }),
          ],
        },
      ],
      bounds: [],
    }
  },
}
