import { MINUTE, SECOND } from './duration.ts'
import { atMost, calls, type Bound, type Scenario } from './outcome.ts'
import { FAILURE, SUCCESS } from './source.ts'
import { idsOf, World } from './world.ts'

export interface ClicksResult {
  /** Calls in the 2 s in which the user clicked. */
  readonly calls: number
  /** Requested calls in these 2 s and the 60 s after them. */
  readonly asked: number
  /** Refreshes that have neither resolved nor rejected after that. */
  readonly unanswered: number
}

/** In an outage, `refresh` is asked for each of 200 items 20 times in 2 s. */
export async function clicks(batchSize = 100): Promise<ClicksResult> {
  const ids = idsOf(200)
  let isDown = false
  const world = new World({
    ids,
    cache: { interval: 5 * SECOND, batchSize },
    source: () => ({ latency: 10, ...(isDown ? FAILURE : SUCCESS) }),
  })
  await world.advance(MINUTE)
  isDown = true
  await world.advance(MINUTE)
  const from = world.clock.now()
  let asked = 0
  world.cache.onEvent((event) => {
    if (event.type === 'sync-started' && event.kind === 'asked') asked += 1
  })
  let unanswered = 0
  const answered = (): void => {
    unanswered -= 1
  }
  for (let click = 0; click < 20; click++) {
    for (const id of ids) {
      unanswered += 1
      void world.cache.refresh(id).then(answered, answered)
    }
    await world.advance(100)
  }
  const inClicks = world.callsBetween(from)
  await world.advance(MINUTE)
  const result = { calls: inClicks, asked, unanswered }
  await world.end()
  return result
}

/** At most one requested call per second, however often a user clicks. */
export async function clickBounds(batchSize = 100): Promise<Bound[]> {
  const result = await clicks(batchSize)
  const name = `200 ids × 20 clicks in 2 s of an outage${batchSize === 1 ? ', one a call' : ''}`
  return [
    atMost(`${name}: calls in these 2 s`, 'calls', 2, result.calls),
    atMost(`${name}: calls that are asked for in 62 s`, 'calls', 62, result.asked),
  ]
}

/** A user who clicks in an outage. */
export const clicksScenario: Scenario = {
  name: 'clicks',
  async run() {
    const bounds = [...(await clickBounds()), ...(await clickBounds(1))]
    return {
      rows: [
        {
          scenario: '200 ids × 20 clicks in 2 s of an outage: calls',
          figures: [calls({ first: 201, goal: 2, measured: bounds[0]?.measured ?? Infinity })],
        },
      ],
      bounds,
    }
  },
}
