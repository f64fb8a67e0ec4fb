import { MINUTE, SECOND, seconds } from './duration.ts'
import { atLeast, calls, share, type Bound, type Scenario } from './outcome.ts'
import { medianOf } from './seeds.ts'
import { Refusal, SUCCESS } from './source.ts'
import { idsOf, shareOfIdeal, World } from './world.ts'

const LATENCY = 50

export interface RefusalResult {
  /** Calls that were refused. */
  readonly calls: number
  /** s from the end of the refusals until every item is fresh. */
  readonly freshAfter: number
}

/**
 * From the 20th second on, the source refuses every call for 60 s, and says until when.
 *
 * @param interval ms
 */
export async function refusals(items: number, interval: number, seed = 1): Promise<RefusalResult> {
  let until: number | undefined
  let count = 0
  const world = new World({
    ids: idsOf(items),
    seed,
    cache: { interval },
    source: ({ startedAt }) => {
      const now = startedAt + LATENCY
      if (now >= 20 * SECOND) until ??= now + MINUTE
      if (until === undefined || now >= until) return { latency: LATENCY }
      count += 1
      return { latency: LATENCY, error: new Refusal(until - now) }
    },
  })
  await world.advance(20 * SECOND)
  await world.until(() => until !== undefined, MINUTE)
  await world.advance((until ?? 0) - world.clock.now())
  const freshAfter = seconds(await world.untilFresh(5 * MINUTE))
  await world.end()
  return { calls: count, freshAfter }
}

/** Returns the refreshes of all other items (% of ideal) if one of them fails its calls with `retryAfter` 60 s, for 20 minutes. */
export async function oneRefused(items: number, batchSize: number): Promise<number> {
  const interval = 5 * SECOND
  const duration = 20 * MINUTE
  const [refused, ...others] = idsOf(items)
  const world = new World({
    ids: [refused ?? '', ...others],
    watched: others,
    cache: { interval, batchSize },
    source: ({ ids }) =>
      refused !== undefined && ids.includes(refused) ? { error: new Refusal(MINUTE) } : SUCCESS,
  })
  await world.advance(duration)
  const result = shareOfIdeal(world, interval, duration)
  await world.end()
  return result
}

export async function oneRefusedBound(items: number, batchSize: number): Promise<Bound> {
  return atLeast(
    `one of ${items.toLocaleString('en')} ids throws \`retryAfter\` 60 s, ${batchSize} a call: refreshes of the others`,
    '%',
    90,
    await oneRefused(items, batchSize),
  )
}

/** [items, interval (ms), first edition's calls, goal] */
const KNOWN = [
  [100, 2 * SECOND, 1, 1],
  [1000, 2 * SECOND, 9, 1],
  [10_000, 10 * SECOND, 8, 2],
] as const

/** A source that asks for patience. */
export const refusalsScenario: Scenario = {
  name: '429',
  async run() {
    const rows = []
    for (const [items, interval, first, goal] of KNOWN) {
      rows.push({
        scenario: `429 for 60 s, ${items.toLocaleString('en')} items: calls`,
        figures: [
          calls({
            first,
            goal,
            measured: await medianOf(async (seed) => (await refusals(items, interval, seed)).calls),
          }),
        ],
      })
    }
    const bounds = [await oneRefusedBound(1000, 100), await oneRefusedBound(100, 1)]
    rows.push({
      scenario: 'one of 1,000 ids throws `retryAfter` 60 s: the others',
      figures: [share({ first: 98, goal: 93, measured: bounds[0]?.measured ?? 0 })],
    })
    return { rows, bounds }
  },
}
