import { VirtualClock } from '@auto-refresh/core/testing'
import { MINUTE, SECOND, seconds } from './duration.ts'
import { callRate, time, type Row, type Scenario } from './outcome.ts'
import type { Reply } from './source.ts'
import { idsOf, World } from './world.ts'

const CACHES = 500
const ITEMS = 100
const INTERVAL = 5 * SECOND
const TIMEOUT = 10 * SECOND
/** Share of the backend's capacity that the caches use if all is well. */
const LOAD = 0.8
/** The network's part of every answer, ms. */
const NETWORK = 20
/** A longer queue is refused, ms. */
const LONGEST_QUEUE = MINUTE

/** One backend of limited capacity that all caches share: answers wait in a queue, and come too late if it is long. */
class Backend {
  isDown = false
  /** Items per ms. */
  readonly #capacity = (CACHES * ITEMS) / (INTERVAL * 1.05) / LOAD
  #freeAt = 0

  /** A call is processed even if its caller has given up. */
  reply(items: number, now: number): Reply {
    const queue = Math.max(0, this.#freeAt - now)
    if (this.isDown || queue > LONGEST_QUEUE) return { error: new Error('503'), latency: NETWORK }
    this.#freeAt = now + queue + items / this.#capacity
    return { latency: this.#freeAt - now + NETWORK }
  }

  restart(): void {
    this.isDown = false
    this.#freeAt = 0
  }
}

interface CrowdResult {
  /** Calls per second in the first 10 s of the outage, in its last half, in the 60 s after it. */
  readonly first: number
  readonly lastHalf: number
  readonly after: number
  /** s until all items of all caches are fresh. */
  readonly freshAfter: number
}

/** 500 caches of 100 items poll one backend, which is down for `length` ms. */
async function crowd(length: number): Promise<CrowdResult> {
  const clock = new VirtualClock()
  const backend = new Backend()
  const worlds: World[] = []
  for (let index = 0; index < CACHES; index++) {
    worlds.push(
      new World({
        clock,
        seed: index + 1,
        ids: idsOf(ITEMS),
        cache: { interval: INTERVAL, timeout: TIMEOUT },
        source: ({ ids, startedAt }) => backend.reply(ids.length, startedAt),
      }),
    )
    if (index % 10 === 9) await clock.advance((INTERVAL / CACHES) * 10)
  }
  await clock.advance(MINUTE)
  const from = clock.now()
  backend.isDown = true
  await clock.advance(length)
  backend.restart()
  const to = clock.now()
  for (const { freshness } of worlds) freshness.restart(to)
  let freshAfter = Infinity
  for (let second = 0; second < 600; second++) {
    if (freshAfter === Infinity && worlds.every(({ freshness }) => freshness.areAllFresh()))
      freshAfter = second
    if (freshAfter < Infinity && second >= 60) break
    await clock.advance(SECOND)
  }
  const rate = (start: number, end: number): number =>
    worlds.reduce((sum, world) => sum + world.callsBetween(start, end), 0) / seconds(end - start)
  const result = {
    first: rate(from, from + 10 * SECOND),
    lastHalf: rate((from + to) / 2, to),
    after: rate(to, to + MINUTE),
    freshAfter,
  }
  // All caches run at once, because they share the clock.
  const stopped = Promise.all(worlds.map(({ cache }) => cache.stop()))
  await clock.advance(31 * SECOND)
  await stopped
  return result
}

async function rows(): Promise<Row[]> {
  const short = await crowd(MINUTE)
  const long = await crowd(30 * MINUTE)
  return [
    {
      scenario: '500 caches of 100 items (94 calls/s), outage of 60 s: calls in its first 10 s; last half',
      figures: [
        callRate({ first: 95, goal: 210, measured: short.first }),
        callRate({ first: 33, goal: 17, measured: short.lastHalf }),
      ],
    },
    {
      scenario: '… of 30 min: calls in the 60 s after it; all fresh after',
      figures: [
        callRate({ first: 55, goal: 62, measured: long.after }),
        time({ first: 38, goal: 73, measured: long.freshAfter }),
      ],
    },
  ]
}

/** Many caches and one backend. Slow: a quarter of the whole command. */
export const crowdScenario: Scenario = {
  name: 'crowd',
  async run() {
    return { rows: await rows(), bounds: [] }
  },
}
