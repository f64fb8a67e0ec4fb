import { setTimeout as sleep } from 'node:timers/promises'
import { askOf } from './ask.ts'
import { CollapsingBackend } from './collapsing-backend.ts'
import type { Competitor } from './competitors.ts'
import { Freshness } from './freshness.ts'
import type { Scenario } from './scenario.ts'

export interface LoadSample {
  /** Seconds since the outage began. */
  readonly at: number
  /** Calls per second, and those among them whose answer was used. */
  readonly calls: number
  readonly answered: number
  /** The share of the items that were refreshed within the last two intervals. */
  readonly fresh: number
}

export interface Load {
  readonly samples: readonly LoadSample[]
  /** Calls from the beginning of the outage to its end, and in `counted` ms after it. */
  readonly duringOutage: number
  readonly justAfter: number
  /** ms from the end of the outage until every item was refreshed; undefined if that did not happen during the observation. */
  readonly recoveredAfter: number | undefined
  /** Largest delay of a sample, in ms. If it is large, this process was too busy to measure. */
  readonly worstDelay: number
}

/** Lets a competitor poll a backend of its own before, during and after an outage. */
export async function measureLoad(competitor: Competitor, scenario: Scenario): Promise<Load> {
  const { before, outage, counted, after, interval, period } = scenario
  await using backend = await CollapsingBackend.start(scenario)
  const { ask, close } = askOf(backend.url)
  const freshness = new Freshness()
  const items = scenario.caches * scenario.itemsPerCache
  const stop = competitor(scenario, ask, freshness)

  const began = performance.now() + before
  const ended = began + outage
  const samples: LoadSample[] = []
  let last = { at: performance.now(), calls: 0, answered: 0 }
  let atBegin: number | undefined
  let atEnd: number | undefined
  let atCounted: number | undefined
  let recoveredAfter: number | undefined
  let worstDelay = 0
  for (let now = last.at; now < ended + after; now = performance.now()) {
    // Samples are at multiples of the period from the outage on. A late one is left out.
    const next = began + period * Math.floor((now - began) / period + 1.1)
    await sleep(next - now)
    const at = performance.now()
    worstDelay = Math.max(worstDelay, at - next)
    const { calls, answered } = backend
    if (at >= began) atBegin ??= calls
    if (at >= ended) atEnd ??= calls
    if (at >= ended + counted) atCounted ??= calls
    backend.isOut = at >= began && at < ended
    if (at >= ended && freshness.countSince(ended) === items) recoveredAfter ??= at - ended
    const seconds = (at - last.at) / 1000
    samples.push({
      at: (at - began) / 1000,
      calls: (calls - last.calls) / seconds,
      answered: (answered - last.answered) / seconds,
      fresh: freshness.countSince(at - 2 * interval) / items,
    })
    last = { at, calls, answered }
  }
  await stop()
  close()
  const [first = 0, middle = 0, end = 0] = [atBegin, atEnd, atCounted]
  return { samples, duringOutage: middle - first, justAfter: end - middle, recoveredAfter, worstDelay }
}
