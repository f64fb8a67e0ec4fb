import { beforeAll, describe, expect, it } from 'vitest'
import { library, timerAnItem } from '../src/load/competitors.ts'
import { measureLoad, type Load } from '../src/load/measure.ts'
import { SMALL } from '../src/load/scenario.ts'

/** Largest ratio of the library's calls to those of one timer per item. */
const SHARE = 0.1

describe('a backend that collapses', () => {
  let calm: Load
  let naive: Load

  beforeAll(async () => {
    ;[calm, naive] = await Promise.all([measureLoad(library, SMALL), measureLoad(timerAnItem, SMALL)])
  }, 180_000)

  const calls = ({ duringOutage, justAfter }: Load): number => duringOutage + justAfter

  it('F6: gets, in an outage and just after it, at most a tenth of the calls of one timer per item', () => {
    // The comparison has the load that it is said to have.
    const { caches, itemsPerCache, interval, outage, counted } = SMALL
    const sent = (caches * itemsPerCache * (outage + counted)) / interval
    expect(calls(naive) / sent).toBeGreaterThan(0.8)
    expect(calls(naive) / sent).toBeLessThan(1.2)
    expect(calls(calm) / calls(naive)).toBeLessThanOrEqual(SHARE)
    // The library does ask: at least one call per cache.
    expect(calls(calm)).toBeGreaterThan(caches)
  })

  it('F6: recovers by itself: every item of every cache is fresh again', () => {
    expect(calm.recoveredAfter).toBeLessThanOrEqual(SMALL.after)
  })

  it('answers nothing during the outage', () => {
    for (const { samples } of [calm, naive]) {
      const inOutage = samples.filter(({ at }) => at > 1 && at < SMALL.outage / 1000 - 1)
      expect(inOutage.every(({ answered }) => answered === 0)).toBe(true)
      const before = samples.filter(({ at }) => at > -1 && at < 0)
      expect(before.some(({ answered }) => answered > 0)).toBe(true)
    }
  })
})
