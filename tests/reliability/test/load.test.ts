import { beforeAll, describe, expect, it } from 'vitest'
import { library, timerAnItem } from '../src/load/competitors.ts'
import { measureLoad, type Load } from '../src/load/measure.ts'
import { SMALL } from '../src/load/scenario.ts'

/** The most calls that the library may send for each that the naive way sends. */
const SHARE = 0.1

describe('a backend that collapses', () => {
  let calm: Load
  let naive: Load

  beforeAll(async () => {
    ;[calm, naive] = await Promise.all([measureLoad(library, SMALL), measureLoad(timerAnItem, SMALL)])
  }, 180_000)

  const calls = ({ duringOutage, justAfter }: Load): number => duringOutage + justAfter

  it('F6: gets a tenth of the calls at most, in an outage and just after it, of what one timer an item sends', () => {
    // The comparison has the load that it is said to have.
    const { caches, itemsPerCache, interval, outage, counted } = SMALL
    const sent = (caches * itemsPerCache * (outage + counted)) / interval
    expect(calls(naive) / sent).toBeGreaterThan(0.8)
    expect(calls(naive) / sent).toBeLessThan(1.2)
    expect(calls(calm) / calls(naive)).toBeLessThanOrEqual(SHARE)
    // It does ask: once a cache at least.
    expect(calls(calm)).toBeGreaterThan(caches)
  })

  it('F6: recovers by itself: every item of every cache is fresh again', () => {
    expect(calm.recoveredAfter).toBeLessThanOrEqual(SMALL.after)
  })

  it('is out when it is said to be: nothing is answered', () => {
    for (const { samples } of [calm, naive]) {
      const inOutage = samples.filter(({ at }) => at > 1 && at < SMALL.outage / 1000 - 1)
      expect(inOutage.every(({ answered }) => answered === 0)).toBe(true)
      const before = samples.filter(({ at }) => at > -1 && at < 0)
      expect(before.some(({ answered }) => answered > 0)).toBe(true)
    }
  })
})
