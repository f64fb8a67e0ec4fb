import { describe, expect, it } from 'vitest'
import { until } from '@auto-refresh/core'
import { createAll, failed, log, outcomeOf, times, timesOf } from './scheduling-helpers.ts'
import { done, running, unchanged, world } from './world.ts'

const nothing = (): void => {}

describe('an item whose last subscriber leaves', () => {
  it('S9: is refreshed as before, where it need not be observed', async () => {
    const { cache, clock, calls } = world({ gcTime: 60_000 })
    cache.start().getOrCreate('a', running())
    const unsubscribe = cache.subscribe('a', () => {})
    await clock.advance(500)
    unsubscribe()
    await clock.advance(1500)
    expect(calls).toHaveLength(3)
  })
})

describe('terminal and expired items', () => {
  it('S9: an item that a sync made terminal is never due again', async () => {
    const { cache, clock, calls } = world({
      isTerminal: (job) => job.done,
      answer: () => [{ id: 'a', item: done() }],
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(60_000)
    expect(log(calls)).toEqual(['0 a'])
    expect(cache.get('a')).toEqual(done())
    expect(clock.timers).toBe(0)
  })

  it('S9: an item that a local update made terminal is never due again', async () => {
    const { cache, clock, calls } = world({ isTerminal: (job) => job.done })
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    cache.update('a', done())
    await clock.advance(60_000)
    expect(log(calls)).toEqual(['0 a'])
    expect(cache.getSnapshot('a').nextRefreshAt).toBeUndefined()
  })

  it('S9: an item that `ingest` made terminal is never due again', async () => {
    const { cache, clock, calls } = world({ isTerminal: (job) => job.done })
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    cache.ingest([{ id: 'a', item: done() }])
    await clock.advance(60_000)
    expect(log(calls)).toEqual(['0 a'])
  })

  it('S9: an expired item is never due', async () => {
    const { cache, clock, calls } = world({ maxAge: 2500 })
    cache.start().getOrCreate('a', running())
    await clock.advance(60_000)
    expect(times(calls)).toEqual([0, 1000, 2000])
    expect(cache.getSnapshot('a').status).toBe('expired')
    expect(cache.get('a')).toEqual(running())
  })

  it('S9: an item that expires during its call is not due after it', async () => {
    const { cache, clock, calls, lastCall } = world({ maxAge: 500, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(700)
    lastCall().answer([{ id: 'a', item: running(1) }])
    await clock.advance(60_000)
    expect(log(calls)).toEqual(['0 a'])
  })

  it('S9: neither is brought along by a batch of others', async () => {
    const { cache, clock, calls } = world({ isTerminal: (job) => job.done })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(500)
    cache.update('b', done())
    await clock.advance(3000)
    expect(timesOf(calls, 'a')).toEqual([0, 1000, 2000, 3000])
    expect(timesOf(calls, 'b')).toEqual([0])
  })

  it('S9: a terminal item that fails a refresh is not retried', async () => {
    const { cache, clock, calls } = world({ isTerminal: (job) => job.done, answer: () => [failed('a')] })
    cache.start().getOrCreate('a', done())
    const refresh = outcomeOf(cache.refresh('a'))
    await clock.advance(600_000)
    expect(refresh.state).toBe('rejected')
    expect(log(calls)).toEqual(['0 a'])
  })
})

describe('refreshUnobserved: false', () => {
  it('S9: an unobserved item is never due, not even when it is new', async () => {
    const { cache, clock, calls } = world({ refreshUnobserved: false })
    cache.start().getOrCreate('a', running())
    await clock.advance(60_000)
    expect(calls).toEqual([])
    expect(clock.timers).toBe(0)
  })

  it('S9: an observed item is refreshed as ever', async () => {
    const { cache, clock, calls } = world({ refreshUnobserved: false })
    cache.subscribe('a', nothing)
    cache.start().getOrCreate('a', running())
    await clock.advance(2000)
    expect(times(calls)).toEqual([0, 1000, 2000])
  })

  it('S9: a new item that becomes observed is due at once', async () => {
    const { cache, clock, calls } = world({ refreshUnobserved: false })
    cache.start().getOrCreate('a', running())
    await clock.advance(5000)
    cache.subscribe('a', nothing)
    await clock.advance(0)
    expect(log(calls)).toEqual(['5000 a'])
  })

  it('S9: after the last subscriber left, the item is not due', async () => {
    const { cache, clock, calls } = world({ refreshUnobserved: false })
    cache.start().getOrCreate('a', running())
    const first = cache.subscribe('a', nothing)
    const second = cache.subscribe('a', nothing)
    await clock.advance(1500)
    first()
    await clock.advance(1000)
    expect(times(calls)).toEqual([0, 1000, 2000])
    second()
    await clock.advance(60_000)
    expect(times(calls)).toEqual([0, 1000, 2000])
  })

  it('S9: an item observed again is due when its interval since its last refresh has passed', async () => {
    const { cache, clock, calls } = world({ refreshUnobserved: false })
    cache.start().getOrCreate('a', running())
    const leave = cache.subscribe('a', nothing)
    await clock.advance(100)
    leave()
    await clock.advance(200)
    cache.subscribe('a', nothing)
    await clock.advance(699)
    expect(times(calls)).toEqual([0])
    await clock.advance(1)
    expect(times(calls)).toEqual([0, 1000])
  })

  it('S9: an item observed again is due at once if its interval passed long ago, and once only', async () => {
    const { cache, clock, calls } = world({ refreshUnobserved: false })
    cache.start().getOrCreate('a', running())
    const leave = cache.subscribe('a', nothing)
    await clock.advance(100)
    leave()
    await clock.advance(10_000)
    cache.subscribe('a', nothing)
    await clock.advance(999)
    expect(times(calls)).toEqual([0, 10_100])
    await clock.advance(1)
    expect(times(calls)).toEqual([0, 10_100, 11_100])
  })

  it('S9: the interval of an item observed again is the one that its last sync gave it', async () => {
    const { cache, clock, calls } = world({ refreshUnobserved: false, interval: () => 4000 })
    cache.start().getOrCreate('a', running())
    const leave = cache.subscribe('a', nothing)
    await clock.advance(100)
    leave()
    await clock.advance(2900)
    cache.subscribe('a', nothing)
    await clock.advance(5000)
    expect(times(calls)).toEqual([0, 4000, 8000])
  })

  it('S9, F2: becoming observed does not shorten a retryAfter', async () => {
    const { cache, clock, calls } = world({
      refreshUnobserved: false,
      answer: () => [failed('a', new Error('busy'), 10_000)],
    })
    cache.start().getOrCreate('a', running())
    const leave = cache.subscribe('a', nothing)
    await clock.advance(100)
    leave()
    await clock.advance(5000)
    cache.subscribe('a', nothing)
    await clock.advance(4899)
    expect(times(calls)).toEqual([0])
    await clock.advance(1)
    expect(times(calls)).toEqual([0, 10_000])
  })

  it('S9: an item that loses its subscriber while it waits for a slot is not sent', async () => {
    const { cache, clock, calls } = world({
      refreshUnobserved: false,
      parallelism: 1,
      answer: (batch, call) => (call.ids.includes('first') ? 'wait' : unchanged(batch)),
    })
    cache.subscribe('first', nothing)
    const leave = cache.subscribe('a', nothing)
    cache.start().getOrCreate('first', running())
    await clock.advance(0)
    cache.getOrCreate('a', running())
    await clock.advance(10)
    leave()
    calls[0]?.answer([])
    await clock.advance(500)
    expect(log(calls)).toEqual(['0 first'])
  })

  it('S9: an unobserved item is not brought along by a batch of others', async () => {
    const { cache, clock, calls } = world({ refreshUnobserved: false })
    cache.start()
    createAll(cache, ['a', 'b'])
    cache.subscribe('a', nothing)
    const leave = cache.subscribe('b', nothing)
    await clock.advance(500)
    leave()
    await clock.advance(1500)
    expect(timesOf(calls, 'a')).toEqual([0, 1000, 2000])
    expect(timesOf(calls, 'b')).toEqual([0])
  })

  it('S9: `until` is a subscriber: its item is due while it waits', async () => {
    const { cache, clock, calls } = world({ refreshUnobserved: false, isTerminal: (job) => job.done })
    cache.start().getOrCreate('a', running())
    const outcome = outcomeOf(until(cache, 'a'))
    await clock.advance(1000)
    expect(times(calls)).toEqual([0, 1000])
    cache.update('a', done())
    await clock.advance(0)
    expect(outcome.state).toBe('resolved')
  })

  it('S9: with the default, items without a subscriber are refreshed', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(2000)
    expect(times(calls)).toEqual([0, 1000, 2000])
  })
})
