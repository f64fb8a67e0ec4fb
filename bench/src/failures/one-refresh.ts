import { MINUTE, seconds } from './duration.ts'
import { time, type Scenario } from './outcome.ts'
import { type Reply, SUCCESS } from './source.ts'
import { World } from './world.ts'

/** Returns the s until an item with an infinite interval is fetched after its first call got this reply. */
export async function oneRefresh(reply: Reply): Promise<number> {
  let isFirst = true
  const world = new World({
    ids: ['only'],
    cache: { interval: Infinity },
    source: () => {
      if (!isFirst) return { ...SUCCESS, latency: 0 }
      isFirst = false
      return { ...reply, latency: 0 }
    },
  })
  const fetched = await world.untilFresh(10 * MINUTE)
  await world.end()
  return seconds(fetched)
}

/** `interval: Infinity`: one refresh, which must succeed. */
export const oneRefreshScenario: Scenario = {
  name: 'infinity',
  async run() {
    const thrown = await oneRefresh({ error: new Error('503') })
    const failed = await oneRefresh({ failing: () => true })
    return {
      rows: [
        {
          scenario: '`interval: Infinity`, the first call fails: fetched after',
          figures: [time({ first: Infinity, goal: 1.5, measured: thrown })],
        },
        {
          scenario: '`interval: Infinity`, the first answer is `fail`: fetched after',
          figures: [time({ first: Infinity, goal: 70, measured: failed })],
        },
      ],
      bounds: [],
    }
  },
}
