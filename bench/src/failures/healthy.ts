import type { IntervalOption } from '@auto-refresh/core'
import { MINUTE, SECOND } from './duration.ts'
import { calls, type Scenario } from './outcome.ts'
import { SUCCESS } from './source.ts'
import { idsOf, World } from './world.ts'

interface Mix {
  readonly scenario: string
  readonly items: number
  readonly interval: IntervalOption<number>
  readonly batchSize?: number
  /** ms between two creations. Default 0. */
  readonly pause?: number
  /** Calls in 10 minutes, the first edition's and the goal. */
  readonly known: number
}

const MIXES: readonly Mix[] = [
  { scenario: '1,000 items of one interval', items: 1000, interval: 5 * SECOND, known: 1125 },
  { scenario: '1,000 items created one by one', items: 1000, interval: 5 * SECOND, pause: 17, known: 1799 },
  {
    scenario: '1,000 items of 1,000 intervals',
    items: 1000,
    interval: (_, id) => 10 * SECOND + Number(id) * 10,
    known: 418,
  },
  { scenario: '100 items, one a call', items: 100, interval: 5 * SECOND, batchSize: 1, known: 11_226 },
]

async function callsOf({ items, interval, batchSize = 100, pause = 0 }: Mix): Promise<number> {
  const world = new World({ source: () => SUCCESS, cache: { interval, batchSize } })
  for (const id of idsOf(items, '')) {
    world.create(id)
    if (pause > 0) await world.advance(pause)
  }
  await world.advance(10 * MINUTE)
  const count = world.calls.length
  await world.end()
  return count
}

/** Nothing fails: the policy must cost nothing. */
export const healthyScenario: Scenario = {
  name: 'healthy',
  async run() {
    const rows = []
    for (const mix of MIXES) {
      const measured = await callsOf(mix)
      rows.push({
        scenario: `all healthy, ${mix.scenario}: calls in 10 min`,
        figures: [calls({ first: mix.known, goal: mix.known, measured })],
      })
    }
    return { rows, bounds: [] }
  },
}
