import { MINUTE, SECOND, seconds } from './duration.ts'
import { atMost, time, type Bound, type Scenario } from './outcome.ts'
import { FAILURE, SUCCESS } from './source.ts'
import { idsOf, LATENCY, World } from './world.ts'

/** Returns the s until a new item is fetched in a cache that has held only dead ids for 10 minutes. */
export async function newItem(dead: number, batchSize: number): Promise<number> {
  const deadIds = new Set(idsOf(dead, 'dead-'))
  const world = new World({
    ids: [...deadIds],
    watched: ['new'],
    cache: { interval: 2 * SECOND, batchSize },
    source: ({ ids }) => (ids.some((id) => deadIds.has(id)) ? FAILURE : SUCCESS),
  })
  await world.advance(10 * MINUTE)
  world.create('new')
  const fetched = await world.untilFresh(120 * MINUTE)
  await world.end()
  return seconds(fetched)
}

/** A new item takes the next free slot. */
export async function newItemBound(dead: number, batchSize: number): Promise<Bound> {
  return atMost(
    `new item beside ${dead} dead, ${batchSize} a call: fetched after`,
    's',
    seconds(LATENCY),
    await newItem(dead, batchSize),
  )
}

/** The next item that a user opens, if all others are dead. */
export const newItemScenario: Scenario = {
  name: 'new-item',
  async run() {
    const bounds: Bound[] = []
    for (const batchSize of [1, 100]) {
      for (const dead of [1, 3, 10]) bounds.push(await newItemBound(dead, batchSize))
    }
    return {
      rows: [
        {
          scenario: 'new item beside 1 to 10 dead: fetched after, worst of 6',
          figures: [
            time({ first: 611, goal: 0.1, measured: Math.max(...bounds.map(({ measured }) => measured)) }),
          ],
        },
      ],
      bounds,
    }
  },
}
