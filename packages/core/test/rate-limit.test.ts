import { rateLimit } from '@auto-refresh/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAll, log, manyIds, outcomeOf, times, timesOf } from './scheduling.ts'
import { done, running, unchanged, world } from './world.ts'

describe('rateLimit', () => {
  it('S4: calls start no faster than the bucket fills', async () => {
    const { cache, clock, calls } = world({
      batchSize: 1,
      interval: Infinity,
      policies: [rateLimit({ calls: 2, per: 1000 })],
    })
    cache.start()
    createAll(cache, manyIds(6))
    await clock.advance(10_000)
    expect(times(calls)).toEqual([0, 0, 500, 1000, 1500, 2000])
  })

  it('S4: `burst` is how many may start at once', async () => {
    const { cache, clock, calls } = world({
      batchSize: 1,
      interval: Infinity,
      policies: [rateLimit({ calls: 1, per: 1000, burst: 3 })],
      concurrency: 10,
    })
    cache.start()
    createAll(cache, manyIds(5))
    await clock.advance(10_000)
    expect(times(calls)).toEqual([0, 0, 0, 1000, 2000])
  })

  it('S4: after a long silence there are `burst` tokens, not more', async () => {
    const { cache, clock, calls } = world({
      batchSize: 1,
      interval: Infinity,
      policies: [rateLimit({ calls: 2, per: 1000 })],
      concurrency: 10,
    })
    cache.start()
    await clock.advance(60_000)
    createAll(cache, manyIds(4))
    await clock.advance(1000)
    expect(times(calls)).toEqual([60_000, 60_000, 60_500, 61_000])
  })

  it('S4: items that wait for a token share the call that it buys', async () => {
    const { cache, clock, calls } = world({
      interval: Infinity,
      policies: [rateLimit({ calls: 1, per: 1000 })],
    })
    cache.start()
    for (const id of ['first', 'a', 'b', 'c']) {
      cache.getOrCreate(id, running())
      await clock.advance(10)
    }
    await clock.advance(2000)
    expect(log(calls)).toEqual(['0 first', '1000 a b c'])
  })

  it('S4: a token is taken when a call starts: an item that is gone by then takes none', async () => {
    const { cache, clock, calls } = world({
      interval: Infinity,
      policies: [rateLimit({ calls: 1, per: 1000 })],
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(10)
    cache.getOrCreate('b', running())
    await clock.advance(490)
    cache.delete('b')
    await clock.advance(700)
    cache.getOrCreate('c', running())
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a', '1200 c'])
  })

  it('S4: a batch that is empty takes no token', async () => {
    const { cache, clock, calls } = world({
      interval: Infinity,
      policies: [rateLimit({ calls: 1, per: 1000 })],
      isTerminal: (job) => job.done,
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(1100)
    cache.getOrCreate('b', running())
    cache.update('b', done())
    await clock.advance(0)
    cache.getOrCreate('c', running())
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a', '1100 c'])
  })

  it('S4: an item that waits for a slot takes no token while it waits', async () => {
    const { cache, clock, calls } = world({
      batchSize: 1,
      concurrency: 1,
      interval: Infinity,
      policies: [rateLimit({ calls: 1, per: 1000 })],
      answer: (batch, call) => (call.ids.includes('a') ? 'wait' : unchanged(batch)),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(1)
    createAll(cache, ['b', 'c'])
    await clock.advance(2999)
    calls[0]?.answer([])
    await clock.advance(5000)
    expect(times(calls)).toEqual([0, 3000, 4000])
  })

  it('S4: a token does not make room if all slots are taken', async () => {
    const { cache, clock, calls } = world({
      batchSize: 1,
      concurrency: 1,
      policies: [rateLimit({ calls: 100, per: 1 })],
      answer: () => 'wait',
    })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(5000)
    expect(calls).toHaveLength(1)
  })

  it('S4: a token that is taken stays taken over stop and start', async () => {
    const { cache, clock, calls } = world({
      interval: Infinity,
      policies: [rateLimit({ calls: 1, per: 1000 })],
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    await cache.stop()
    cache.start().getOrCreate('b', running())
    await clock.advance(899)
    expect(log(calls)).toEqual(['0 a'])
    await clock.advance(1)
    expect(log(calls)).toEqual(['0 a', '1000 b'])
  })

  it('S4: when the limit is too low for the work, all items wait alike, and no backlog grows', async () => {
    const ids = manyIds(10)
    const { cache, clock, calls } = world({
      batchSize: 1,
      interval: 100,
      policies: [rateLimit({ calls: 10, per: 1000, burst: 1 })],
    })
    cache.start()
    createAll(cache, ids)
    await clock.advance(60_000)
    expect(calls.length).toBeLessThanOrEqual(601)
    expect(calls.length).toBeGreaterThanOrEqual(599)
    const counts = ids.map((id) => timesOf(calls, id).length)
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
    expect(cache.stats().waitingItems).toBeLessThanOrEqual(10)
  })

  it('S4: the burst and the rate bound every stretch of time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 25 }),
        async (count, burst, gaps) => {
          const { cache, clock, calls } = world({
            batchSize: 1,
            concurrency: 100,
            interval: Infinity,
            policies: [rateLimit({ calls: count, per: 1000, burst })],
          })
          cache.start()
          for (const [index, gap] of gaps.entries()) {
            cache.getOrCreate(`i${index}`, running())
            await clock.advance(gap)
          }
          await clock.advance(30_000)
          const at = times(calls)
          expect(at).toHaveLength(gaps.length)
          for (const [first, from] of at.entries()) {
            for (const [last, to] of at.entries()) {
              if (last < first) continue
              expect(last - first + 1).toBeLessThanOrEqual(burst + ((to - from) * count) / 1000 + 1e-6)
            }
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  it('S4, F10: if the limit is too low for all, an item that failed does not wait for ever', async () => {
    const { cache, clock, calls } = world({
      batchSize: 1,
      policies: [rateLimit({ calls: 1, per: 300, burst: 1 })],
      answer: (batch, call) => (call.at === 0 ? Promise.reject(new Error('down')) : unchanged(batch)),
    })
    cache.start()
    createAll(cache, ['bad', 'b', 'c', 'd', 'e', 'f'])
    await clock.advance(4000)
    expect(timesOf(calls, 'bad').length).toBeGreaterThan(1)
  })

  it('S4: if the limit is too low for all, a requested item does not wait for ever', async () => {
    const { cache, clock, calls } = world({
      batchSize: 1,
      policies: [rateLimit({ calls: 1, per: 300, burst: 1 })],
    })
    cache.start()
    createAll(cache, manyIds(10))
    await clock.advance(6000)
    const before = calls.length
    const outcome = outcomeOf(cache.refresh('i0'))
    await clock.advance(3600)
    expect(calls.slice(before).map(({ ids }) => ids)).toContainEqual(['i0'])
    expect(outcome.state).toBe('resolved')
  })
})
