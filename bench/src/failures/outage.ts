import { MAX_DELAY, MINUTE, RETRY_JITTER, SECOND, seconds } from './duration.ts'
import { atMost, calls, time, type Bound, type Scenario } from './outcome.ts'
import { median, SEEDS } from './seeds.ts'
import { FAILURE, SILENCE, SUCCESS, type Reply } from './source.ts'
import { idsOf, World } from './world.ts'

export interface OutageOptions {
  readonly items: number
  /** Default 100. */
  readonly batchSize?: number
  /** ms; default 5 s. */
  readonly interval?: number
  /** ms that the source is down. */
  readonly length: number
  /** Fate of the calls that start while the source is down. Default: they fail. */
  readonly reply?: Reply
  /** Default 1. */
  readonly seed?: number
}

export interface OutageResult {
  /** Calls during the outage. */
  readonly calls: number
  /** Calls in the first 10 s and in the first 60 s. */
  readonly callsIn10s: number
  readonly callsIn60s: number
  /** s from the end of the outage until every item is fresh. */
  readonly freshAfter: number
}

/** The source is down for a while, after two minutes without a failure. */
export async function outage({
  items,
  batchSize = 100,
  interval = 5 * SECOND,
  length,
  reply = FAILURE,
  seed = 1,
}: OutageOptions): Promise<OutageResult> {
  let isDown = false
  const world = new World({
    ids: idsOf(items),
    seed,
    cache: { interval, batchSize },
    source: () => (isDown ? reply : SUCCESS),
  })
  await world.advance(2 * MINUTE)
  const from = world.clock.now()
  isDown = true
  await world.advance(length)
  isDown = false
  const freshAfter = seconds(await world.untilFresh(10 * MINUTE, 200))
  const result = {
    calls: world.callsBetween(from, from + length),
    callsIn10s: world.callsBetween(from, from + Math.min(length, 10 * SECOND)),
    callsIn60s: world.callsBetween(from, from + Math.min(length, MINUTE)),
    freshAfter,
  }
  await world.end()
  return result
}

function nameOf({ items, batchSize = 100, interval = 5 * SECOND, length, reply }: OutageOptions): string {
  return [
    `outage of ${length > MINUTE ? `${length / MINUTE} min` : `${seconds(length)} s`}, ${items.toLocaleString('en')} items`,
    ...(batchSize === 100 ? [] : [`${batchSize} a call`]),
    ...(interval === 5 * SECOND ? [] : [`interval ${seconds(interval)} s`]),
    ...(reply === SILENCE ? ['calls hang'] : []),
  ].join(', ')
}

/** Calls of a cache to a source that is down, and the time until its items are fresh afterwards. */
export async function outageBounds(options: OutageOptions): Promise<Bound[]> {
  const { items, batchSize = 100, interval = 5 * SECOND, length } = options
  const result = await outage(options)
  const round = Math.ceil(items / batchSize)
  // Retry calls of isolated items before half-open begins, and those that run then, with the default `concurrency` of 4.
  const isolated = batchSize === 1 ? 16 + 3 : 0
  const name = nameOf(options)
  const fresh = seconds((1 + RETRY_JITTER) * MAX_DELAY + 2 * interval)
  return [
    atMost(`${name}: calls in 10 s`, 'calls', round + 6 + isolated, result.callsIn10s),
    atMost(`${name}: calls in 60 s`, 'calls', round + 16 + isolated, result.callsIn60s),
    ...(length > MINUTE
      ? [
          atMost(
            `${name}: calls after 60 s`,
            'calls',
            Math.ceil((length - MINUTE) / MAX_DELAY),
            result.calls - result.callsIn60s,
          ),
        ]
      : []),
    atMost(`${name}: fresh after`, 's', fresh, result.freshAfter),
  ]
}

const BOUNDED: readonly OutageOptions[] = [
  { items: 100, length: MINUTE },
  { items: 1000, length: MINUTE },
  { items: 10_000, length: MINUTE },
  { items: 1000, length: 30 * MINUTE },
  { items: 1000, interval: MINUTE, length: 30 * MINUTE },
  { items: 100, batchSize: 1, length: MINUTE },
  { items: 1000, batchSize: 1, interval: MINUTE, length: 30 * MINUTE },
  { items: 1000, length: MINUTE, reply: SILENCE },
]

/** [items, calls and s until fresh: first edition, goal] */
const KNOWN = [
  [100, [8, 35], [7, 20]],
  [1000, [7, 24], [15, 12]],
  [10_000, [9, 23], [105, 14]],
] as const

/** A source that is down for all items. */
export const outageScenario: Scenario = {
  name: 'outage',
  async run() {
    const rows = []
    for (const [items, first, goal] of KNOWN) {
      const results: OutageResult[] = []
      for (const seed of SEEDS) results.push(await outage({ items, length: MINUTE, seed }))
      rows.push({
        scenario: `outage of 60 s, ${items.toLocaleString('en')} items: calls; fresh after`,
        figures: [
          calls({ first: first[0], goal: goal[0], measured: median(results.map((result) => result.calls)) }),
          time({
            first: first[1],
            goal: goal[1],
            measured: median(results.map(({ freshAfter }) => freshAfter)),
          }),
        ],
      })
    }
    const bounds: Bound[] = []
    for (const options of BOUNDED) bounds.push(...(await outageBounds(options)))
    return { rows, bounds }
  },
}
