import { rateLimit, expiry } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createAll, createUnobserved, NarrowClock, timesOf } from './scheduling.ts'
import { running, unchanged, world, type Job } from './world.ts'

const long = [2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32, 2 ** 32 + 1, 1e12]

describe('long delays', () => {
  function narrow(options: Partial<Parameters<typeof world<Job>>[0]> = {}) {
    const clock = new NarrowClock(1_000_000)
    const starts: number[] = []
    const { cache } = world({
      clock,
      answer: (batch) => {
        starts.push(clock.now())
        return unchanged(batch)
      },
      ...options,
    })
    return { clock, starts, cache }
  }

  it.each(long)('S10: an interval of %d ms works', async (interval) => {
    const { cache, clock, starts } = narrow({ interval })
    cache.start().getOrCreate('a', running())
    await clock.advance(interval - 1)
    expect(starts).toEqual([0])
    await clock.advance(1)
    expect(starts).toEqual([0, interval])
  })

  it.each(long)('S10: an interval function may answer %d', async (interval) => {
    const { cache, clock, starts } = narrow({ interval: () => interval })
    cache.start().getOrCreate('a', running())
    await clock.advance(2 * interval)
    expect(starts).toEqual([0, interval, 2 * interval])
  })

  it('S10: a timeout may be as long', async () => {
    const { cache, clock } = narrow({ timeout: 2 ** 31 + 5, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(2 ** 31 + 4)
    expect(cache.getSnapshot('a')).toMatchObject({ isRefreshing: true, failureCount: 0 })
    await clock.advance(1)
    expect(cache.getSnapshot('a')).toMatchObject({ isRefreshing: false, failureCount: 1 })
  })

  it('S10: a batchWindow may be as long', async () => {
    const { cache, clock, starts } = narrow({ batchWindow: 2 ** 31 + 5 })
    cache.start().getOrCreate('a', running())
    await clock.advance(2 ** 31 + 4)
    expect(starts).toEqual([])
    await clock.advance(1)
    expect(starts).toEqual([2 ** 31 + 5])
  })

  it('S10: the period of a rate limit may be as long', async () => {
    const { cache, clock, starts } = narrow({
      policies: [rateLimit({ calls: 1, per: 2 ** 31 + 8 })],
      interval: Infinity,
      batchSize: 1,
    })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(2 ** 31 + 7)
    expect(starts).toEqual([0])
    await clock.advance(1)
    expect(starts).toEqual([0, 2 ** 31 + 8])
  })

  it('S10: maxAge and terminalTtl may be as long', async () => {
    const ms = 2 ** 31 + 5
    const { cache, clock } = narrow({
      interval: Infinity,
      policies: [expiry({ maxAge: ms, terminalTtl: ms })],
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(ms - 1)
    expect(cache.getSnapshot('a').status).toBe('active')
    await clock.advance(1)
    expect(cache.getSnapshot('a').status).toBe('expired')
    await clock.advance(ms - 1)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('S10: gcTime may be as long', async () => {
    const w = narrow({ interval: Infinity, gcTime: 2 ** 31 + 5 })
    w.cache.start()
    createUnobserved(w, 'a')
    await w.clock.advance(2 ** 31 + 4)
    expect(w.cache.has('a')).toBe(true)
    await w.clock.advance(1)
    expect(w.cache.has('a')).toBe(false)
  })

  it('S10: an interval of Infinity means one sync at the creation, and never again', async () => {
    const { cache, clock, starts } = narrow({ interval: Infinity })
    cache.start().getOrCreate('a', running())
    await clock.advance(1e13)
    expect(starts).toEqual([0])
    expect(clock.timers).toBe(0)
    expect(cache.getSnapshot('a')).toMatchObject({
      status: 'active',
      failureCount: 0,
      nextRefreshAt: undefined,
    })
  })

  it('S10: an interval function may answer Infinity, which is no failure', async () => {
    const { cache, clock, starts } = narrow({ interval: () => Infinity })
    cache.start().getOrCreate('a', running())
    await clock.advance(1e13)
    expect(starts).toEqual([0])
    expect(cache.getSnapshot('a').failureCount).toBe(0)
  })

  it('S10: without syncOnCreate, an interval of Infinity means never', async () => {
    const { cache, clock, starts } = narrow({ interval: Infinity, syncOnCreate: false })
    cache.start().getOrCreate('a', running())
    await clock.advance(1e13)
    expect(starts).toEqual([])
  })

  it('S10: a finite jitter does not bring an infinite interval down', async () => {
    const { cache, clock, starts } = narrow({ interval: Infinity, jitter: 1, random: () => 0.5 })
    cache.start().getOrCreate('a', running())
    await clock.advance(1e13)
    expect(starts).toEqual([0])
  })

  it('S10: an item of Infinity does not go along with a batch of others', async () => {
    const { cache, clock, calls } = world({
      interval: (_, id) => (id === 'a' ? 1000 : Infinity),
    })
    cache.start()
    createAll(cache, ['a', 'never'])
    await clock.advance(5000)
    expect(timesOf(calls, 'never')).toEqual([0])
    expect(timesOf(calls, 'a')).toEqual([0, 1000, 2000, 3000, 4000, 5000])
  })
})
