import { MAX_DELAY, MINUTE, RETRY_JITTER, SECOND, seconds } from './duration.ts'
import { atLeast, atMost, callRate, share, time, type Bound, type Scenario } from './outcome.ts'
import { deadRegion, healedRegion, otherRegionBlips, swap } from './regions.ts'
import { medianOf } from './seeds.ts'
import { SILENCE } from './source.ts'

const DEAD = [
  { a: 1000, b: 100, interval: 2 * SECOND },
  { a: 10_000, b: 100, interval: 2 * SECOND },
  { a: 10_000, b: 1000, interval: 30 * SECOND, latency: 10 },
  { a: 1000, b: 100, interval: 5 * SECOND, latency: 1 },
]

/** Cost of a dead region for the source and the other region. */
export async function deadRegionBounds(options: (typeof DEAD)[number]): Promise<Bound[]> {
  const { a, b, interval } = options
  const result = await deadRegion({ ...options, duration: 15 * MINUTE })
  const name = `region A (${a.toLocaleString('en')}) dead beside B (${b.toLocaleString('en')}), interval ${seconds(interval)} s`
  return [
    atMost(`${name}: calls to A in any minute after the first`, 'calls/s', 1.2, result.laterCalls),
    atLeast(`${name}: refreshes of B`, '%', 98, result.share),
  ]
}

export async function healedRegionBound(a: number, b: number, minutes: number): Promise<Bound> {
  const limit = seconds((1 + RETRY_JITTER) * MAX_DELAY) + 15
  return atMost(
    `region A (${a.toLocaleString('en')}) heals after ${minutes} min beside B (${b.toLocaleString('en')}): fresh after`,
    's',
    limit,
    await healedRegion(a, b, minutes),
  )
}

const SWAPS: readonly (readonly [a: number, b: number, seed: number])[] = [
  [100, 100, 1],
  [100, 100, 2],
  [30, 1000, 1],
  [1000, 100, 1],
]

/** Two regions of which one is dead: `customBatches` keeps them apart. */
export const regionsScenario: Scenario = {
  name: 'regions',
  async run() {
    const dead = await deadRegion({ a: 1000, b: 100, interval: 2 * SECOND })
    const hanging = await deadRegion({
      a: 1000,
      b: 100,
      interval: 5 * SECOND,
      reply: SILENCE,
      duration: 15 * MINUTE,
    })
    const swaps: number[] = []
    for (const [a, b, seed] of SWAPS) swaps.push(await swap(a, b, seed))
    const bounds: Bound[] = []
    for (const options of DEAD) bounds.push(...(await deadRegionBounds(options)))
    bounds.push(
      await healedRegionBound(100, 100, 10),
      await healedRegionBound(1000, 100, 10),
      await healedRegionBound(1000, 1000, 60),
      ...swaps.map((measured, index) => {
        const [a, b, seed] = SWAPS[index] ?? []
        const name = `region A (${a}) heals while B (${b}) is down, seed ${seed}: A fresh after`
        return atMost(name, 's', seconds(4 * MAX_DELAY), measured)
      }),
    )
    return {
      rows: [
        {
          scenario: 'region A (1,000) dead beside B (100), interval 2 s: B; calls to A',
          figures: [
            share({ first: 0, goal: 100, measured: dead.share }),
            callRate({ first: 0.02, goal: 0.9, measured: dead.calls }),
          ],
        },
        {
          scenario: 'region A (1,000) hangs beside B (100): B',
          figures: [
            share({ first: 1, goal: 94, measured: hanging.share }),
            time({ label: 'worst age', first: undefined, goal: 60, measured: hanging.worstAge }),
          ],
        },
        {
          scenario: 'A dead, B down for 20 s: B fresh after',
          figures: [
            time({
              first: Infinity,
              goal: 22,
              measured: await medianOf((seed) => otherRegionBlips(5 * MINUTE, 20 * SECOND, seed)),
            }),
          ],
        },
        {
          scenario: 'both down from the start, B back at 30 s: B fresh after',
          figures: [
            time({
              first: Infinity,
              goal: 502,
              measured: await medianOf((seed) => otherRegionBlips(0, 30 * SECOND, seed)),
            }),
          ],
        },
        {
          scenario: 'A heals while B is down: A fresh after, worst of 4',
          figures: [time({ first: undefined, goal: 88, measured: Math.max(...swaps) })],
        },
      ],
      bounds,
    }
  },
}
