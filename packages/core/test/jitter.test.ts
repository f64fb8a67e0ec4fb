import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAll, createAt, crowd, log, manyIds, sizes, times, timesOf } from './scheduling.ts'
import { running, world } from './world.ts'

describe('jitter', () => {
  it('S17: items that went together stay together', async () => {
    const w = world()
    w.cache.start()
    await createAt(w, { a: 0, b: 100, c: 250, d: 400 })
    await w.clock.advance(4600)
    expect(log(w.calls).slice(4)).toEqual([
      '1000 a b c d',
      '2000 a b c d',
      '3000 a b c d',
      '4000 a b c d',
      '5000 a b c d',
    ])
  })

  it('S17: jitter adds a share of the interval, rounded down to a multiple of 16 ms here', async () => {
    const { cache, clock, calls } = world({ random: () => 0.5 })
    cache.start().getOrCreate('a', running())
    await clock.advance(2100)
    expect(times(calls)).toEqual([0, 1040, 2080])
  })

  it('S17: it is the share that the option says', async () => {
    const { cache, clock, calls } = world({ random: () => 0.5, jitter: 1 })
    cache.start().getOrCreate('a', running())
    await clock.advance(3000)
    expect(times(calls)).toEqual([0, 1408, 2816])
  })

  it('S17: items of different intervals share wake-ups', async () => {
    const intervals: Record<string, number> = { a: 1000, b: 1010, c: 1015 }
    const w = world({ random: () => 0.5, interval: (_, id) => intervals[id] ?? NaN, concurrency: 1 })
    w.cache.start()
    createAll(w.cache, ['a', 'b', 'c'])
    await w.clock.advance(0)
    const dues = ['a', 'b', 'c'].map((id) => w.cache.getSnapshot(id).nextRefreshAt ?? NaN)
    expect(dues.map((due) => due - w.clock.epoch())).toEqual([1040, 1056, 1056])
  })

  it('S17: with jitter 0 refreshes come exactly', async () => {
    const { cache, clock, calls } = world({ random: () => 0.5, jitter: 0 })
    cache.start().getOrCreate('a', running())
    await clock.advance(2000)
    expect(times(calls)).toEqual([0, 1000, 2000])
  })

  it('S17: jitter is drawn once a batch, so that its items stay together', async () => {
    let seed = 1
    const random = (): number => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed / 2_147_483_647
    }
    const w = world({ random, jitter: 1 })
    w.cache.start()
    createAll(w.cache, manyIds(20))
    await w.clock.advance(20_000)
    expect(w.calls.length).toBeGreaterThan(9)
    expect(new Set(sizes(w.calls))).toEqual(new Set([20]))
    expect(new Set(times(w.calls).map((at, index, all) => at - (all[index - 1] ?? 0))).size).toBeGreaterThan(
      5,
    )
  })

  it('S17: each batch draws its own', async () => {
    let draws = 0
    const w = world({ random: () => (draws += 1) / 100, batchSize: 1 })
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(0)
    const scheduled = ['a', 'b'].map((id) => w.cache.getSnapshot(id).nextRefreshAt)
    expect(new Set(scheduled).size).toBe(2)
  })

  it('S17: an early item stays with its batch, with jitter, too', async () => {
    const w = world({ random: () => 0.9 })
    w.cache.start()
    await createAt(w, { a: 0, b: 200, c: 400 })
    await w.clock.advance(20_000)
    expect(new Set(sizes(w.calls.slice(3)))).toEqual(new Set([3]))
  })
})

describe('calls per interval', () => {
  const interval = 1000
  const creations = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 60, size: 'max' })

  it('S17: N items, created at any N moments, soon cost at most 2⌈N / batchSize⌉ calls an interval', async () => {
    await fc.assert(
      fc.asyncProperty(creations, fc.integer({ min: 1, max: 25 }), async (created, batchSize) => {
        const w = await crowd(created, batchSize)
        const before = w.calls.length
        await w.clock.advance(10 * interval)
        const batches = Math.ceil(created.length / batchSize)
        expect(w.calls.length - before).toBeLessThanOrEqual(2 * batches * 10)
        // Each item is refreshed at least once per interval, which takes this number of calls.
        expect(w.calls.length - before).toBeGreaterThanOrEqual((created.length * 10) / batchSize)
      }),
      { numRuns: 60 },
    )
  })

  it('S5: some items come early, and none comes late', async () => {
    await fc.assert(
      fc.asyncProperty(creations, fc.integer({ min: 1, max: 25 }), async (created, batchSize) => {
        const w = await crowd(created, batchSize)
        for (const id of manyIds(created.length)) {
          const at = timesOf(w.calls, id)
          for (const [index, time] of at.slice(1).entries())
            expect(time - (at[index] ?? 0)).toBeLessThanOrEqual(interval)
          expect(w.clock.now() - (at.at(-1) ?? 0)).toBeLessThan(interval)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('S17: 200 items created 5 ms apart, as rows of a list are, cost at most 2 calls an interval', async () => {
    const w = world({ batchSize: 200 })
    w.cache.start()
    await createAt(w, Object.fromEntries(manyIds(200).map((id, index) => [id, index * 5])))
    await w.clock.advance(5000)
    const before = w.calls.length
    await w.clock.advance(10_000)
    expect(w.calls.length - before).toBeLessThanOrEqual(20)
    expect(w.calls.length - before).toBeGreaterThanOrEqual(10)
  })

  it('S17: that holds while items come and go', async () => {
    const w = world({ batchSize: 50 })
    w.cache.start()
    for (let step = 0; step < 300; step++) {
      w.cache.getOrCreate(`i${step}`, running())
      if (step >= 50) w.cache.delete(`i${step - 50}`)
      await w.clock.advance(10)
    }
    await w.clock.advance(5000)
    const before = w.calls.length
    await w.clock.advance(10_000)
    expect(w.cache.size).toBe(50)
    expect(w.calls.length - before).toBeLessThanOrEqual(20)
  })
})
