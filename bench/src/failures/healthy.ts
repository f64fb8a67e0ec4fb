import type { IntervalOption } from '@auto-refresh/core'
import { MINUTE, SECOND } from './duration.ts'
import { atMost, calls, type Bound, type Row, type Scenario } from './outcome.ts'
import { SUCCESS } from './source.ts'
import { idsOf, World } from './world.ts'

/** ms */
const DURATION = 10 * MINUTE

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

interface HealthyResult {
  /** Calls in 10 minutes. */
  readonly calls: number
  /** Retry calls and probes among them. */
  readonly retries: number
}

async function play({ items, interval, batchSize = 100, pause = 0 }: Mix): Promise<HealthyResult> {
  const world = new World({ source: () => SUCCESS, cache: { interval, batchSize } })
  let retries = 0
  world.cache.onEvent((event) => {
    if (event.type === 'sync-started' && (event.kind === 'retry' || event.kind === 'probe')) retries += 1
  })
  for (const id of idsOf(items, '')) {
    world.create(id)
    if (pause > 0) await world.advance(pause)
  }
  await world.advance(DURATION)
  const result = { calls: world.calls.length, retries }
  await world.end()
  return result
}

/** If nothing fails, the policy must cost nothing. */
export const healthyScenario: Scenario = {
  name: 'healthy',
  async run() {
    const rows: Row[] = []
    const bounds: Bound[] = []
    for (const mix of MIXES) {
      const result = await play(mix)
      const name = `all healthy, ${mix.scenario}`
      rows.push({
        scenario: `${name}: calls in 10 min`,
        figures: [calls({ first: mix.known, goal: mix.known, measured: result.calls })],
      })
      bounds.push(atMost(`${name}: retry calls and probes`, 'calls', 0, result.retries))
      if (typeof mix.interval === 'number') {
        const round = Math.ceil(mix.items / (mix.batchSize ?? 100))
        const most = (2 * round * DURATION) / mix.interval
        bounds.push(atMost(`${name}: calls in 10 min (two rounds per interval)`, 'calls', most, result.calls))
      }
    }
    return { rows, bounds }
  },
}
