import { expiry } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createAll, failed, log, outcomeOf, times, timesOf } from './scheduling.ts'
import { done, isTerminal, running, world, type Job, type World } from './world.ts'

describe('terminal and expired items', () => {
  it.each<[string, (w: World<Job>) => void]>([
    ['a local update', ({ cache }) => void cache.update('a', done())],
    ['a push', ({ cache }) => cache.ingest([{ id: 'a', item: done() }])],
    ['its call', ({ cache }) => void outcomeOf(cache.refresh('a'))],
  ])('S9: an item that %s made terminal is never due again', async (_, change) => {
    const w = world({ isTerminal, answer: (_batch, { at }) => (at === 0 ? [] : [{ id: 'a', item: done() }]) })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(500)
    change(w)
    await w.clock.advance(0)
    const before = w.calls.length
    await w.clock.advance(60_000)
    expect(w.calls).toHaveLength(before)
    expect(w.cache.getSnapshot('a')).toMatchObject({ status: 'terminal', nextRefreshAt: undefined })
    expect(w.clock.timers).toBe(0)
  })

  it('S9, S1: an item that is terminal from the beginning is never due', async () => {
    const { cache, clock, calls } = world({ isTerminal })
    cache.start().getOrCreate('a', done())
    await clock.advance(60_000)
    expect(calls).toEqual([])
  })

  it('S9: an expired item is never due', async () => {
    const { cache, clock, calls } = world({ policies: [expiry({ maxAge: 2500 })] })
    cache.start().getOrCreate('a', running())
    await clock.advance(60_000)
    expect(times(calls)).toEqual([0, 1000, 2000])
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'expired', item: running() })
  })

  it('S9: an item that expires during its call is not due after it', async () => {
    const { cache, clock, calls, lastCall } = world({
      policies: [expiry({ maxAge: 500 })],
      answer: () => 'wait',
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(700)
    lastCall().answer([{ id: 'a', item: running(1) }])
    await clock.advance(60_000)
    expect(log(calls)).toEqual(['0 a'])
  })

  it('S9, S5: a batch of other items does not bring it along', async () => {
    const { cache, clock, calls } = world({ isTerminal })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(500)
    cache.update('b', done())
    await clock.advance(3000)
    expect(timesOf(calls, 'a')).toEqual([0, 1000, 2000, 3000])
    expect(timesOf(calls, 'b')).toEqual([0])
  })

  it.each<[string, () => PromiseLike<never> | ReturnType<typeof failed>[]]>([
    ['by `fail`', () => [failed('a')]],
    ['with its call', () => Promise.reject(new Error('down'))],
  ])('S9: a terminal item whose refresh fails %s is not retried', async (_, answer) => {
    const { cache, clock, calls } = world({ isTerminal, answer })
    cache.start().getOrCreate('a', done())
    const refresh = outcomeOf(cache.refresh('a'))
    await clock.advance(600_000)
    expect(refresh.state).toBe('rejected')
    expect(log(calls)).toEqual(['0 a'])
  })

  it('S9, F5: an item of a retry group that becomes terminal is not retried', async () => {
    const { cache, clock, calls } = world({ isTerminal, answer: () => Promise.reject(new Error('down')) })
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    cache.update('a', done())
    await clock.advance(600_000)
    expect(log(calls)).toEqual(['0 a'])
  })
})
