import { MAX_DELAY, MINUTE, SECOND } from './duration.ts'
import { atMost, callRate, type Bound, type Scenario } from './outcome.ts'
import { idsOf, World } from './world.ts'

/**
 * Returns the calls per second of 1,000 items of which a share is answered by `fail`, between the 5th and the 10th minute.
 *
 * @param spread the shortest and the longest interval, ms
 */
export async function failing(
  failingShare: number,
  spread: readonly [number, number] = [10 * SECOND, 20 * SECOND],
): Promise<number> {
  const items = 1000
  const [shortest, longest] = spread
  const world = new World({
    ids: idsOf(items, ''),
    cache: {
      // Neighbours have intervals far apart.
      interval: (_, id) => shortest + (((Number(id) * 7919) % items) * (longest - shortest)) / items,
    },
    source: () => ({ failing: (id) => Number(id) < items * failingShare }),
  })
  await world.advance(5 * MINUTE)
  const from = world.clock.now()
  await world.advance(5 * MINUTE)
  const rate = world.callsBetween(from) / 300
  await world.end()
  return rate
}

/**
 * Returns the most calls for one item that always fails and has an interval longer than `maxDelay`.
 *
 * @param duration ms
 */
async function callsOfOne(duration: number): Promise<number> {
  const ids = idsOf(100)
  const world = new World({
    ids,
    cache: { interval: 5 * MINUTE },
    source: () => ({ failing: () => true }),
  })
  await world.advance(SECOND)
  const from = world.clock.now()
  await world.advance(duration)
  const counts = new Map<string, number>()
  for (const call of world.calls) {
    if (call.startedAt < from) continue
    for (const id of call.ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  await world.end()
  return Math.max(0, ...counts.values())
}

/** Failing items must not cost more calls than healthy ones. */
export async function failBounds(shares: readonly number[] = [0.05, 0.2, 0.5, 1]): Promise<Bound[]> {
  const healthy = await failing(0)
  const bounds: Bound[] = []
  for (const each of shares) {
    bounds.push(
      atMost(
        `${each * 100} % of 1,000 items answered \`fail\`: calls, as if all were healthy`,
        'calls/s',
        healthy,
        await failing(each),
      ),
    )
  }
  return bounds
}

/** The source answers, and its answer for some items is `fail`. */
export const itemFailuresScenario: Scenario = {
  name: 'fail',
  async run() {
    return {
      rows: [
        {
          scenario: '`fail` for 50 % of 1,000 items: calls (healthy 0.69)',
          figures: [callRate({ first: 7.2, goal: 0.43, measured: await failing(0.5) })],
        },
        {
          scenario: '`fail` for 100 % of 1,000 items: calls (healthy 0.69)',
          figures: [callRate({ first: 12.5, goal: 0.14, measured: await failing(1) })],
        },
      ],
      bounds: [
        ...(await failBounds()),
        atMost(
          '`fail` for items with an interval of 5 min: calls for one in 30 min',
          'calls',
          (30 * MINUTE) / MAX_DELAY,
          await callsOfOne(30 * MINUTE),
        ),
      ],
    }
  },
}
