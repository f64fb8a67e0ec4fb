import { expiry, rateLimit } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { after, failed, log, outcomeOf, times, timesOf, type Outcome } from './scheduling.ts'
import { done, isTerminal, running, unchanged, world, type Job, type World } from './world.ts'

describe('limits that it ignores, and limits that it obeys', () => {
  it('S8: it passes backoff', async () => {
    const { cache, clock, calls } = world({ answer: () => [failed('a')] })
    cache.start().getOrCreate('a', running())
    await clock.advance(8000)
    expect(times(calls)).toEqual([0, 1000, 3000, 7000])
    outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(times(calls)).toEqual([0, 1000, 3000, 7000, 8000])
  })

  it('S8: it passes the retryAfter of the item', async () => {
    const { cache, clock, calls } = world({ answer: () => [failed('a', new Error('busy'), 60_000)] })
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(times(calls)).toEqual([0, 500])
  })

  it('S8: it passes the retryAfter of the call', async () => {
    const { cache, clock, calls } = world({
      answer: () => Promise.reject(Object.assign(new Error('429'), { retryAfter: 60_000 })),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(times(calls)).toEqual([0, 500])
  })

  it('S8: it passes a hidden page', async () => {
    const { cache, clock, calls, environment } = world()
    environment.setVisible(false)
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(times(calls)).toEqual([500])
    expect(outcome.state).toBe('resolved')
    await clock.advance(5000)
    expect(times(calls)).toEqual([500])
  })

  it('S8: it passes a network that is away', async () => {
    const { cache, clock, calls, environment } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    environment.setOnline(false)
    outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(times(calls)).toEqual([0, 500])
  })

  it('S8: it does not pass concurrency', async () => {
    const { cache, clock, calls } = world({ concurrency: 1, answer: () => 'wait' })
    cache.start().getOrCreate('first', running())
    await clock.advance(0)
    cache.getOrCreate('a', running())
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(5000)
    expect(log(calls)).toEqual(['0 first'])
    calls[0]?.answer([{ id: 'first', action: 'delete' }])
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 first', '5000 a'])
    expect(outcome.state).toBe('pending')
  })

  it('S8: it does not pass rateLimit', async () => {
    const { cache, clock, calls } = world({
      interval: Infinity,
      policies: [rateLimit({ calls: 1, per: 1000 })],
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    outcomeOf(cache.refresh('a'))
    await clock.advance(899)
    expect(times(calls)).toEqual([0])
    await clock.advance(1)
    expect(times(calls)).toEqual([0, 1000])
  })

  it('S8: hidden, backing off and out of slots at once, it waits for the slot alone', async () => {
    const w: World<Job> = world({
      concurrency: 1,
      answer: (_, call) => (call.ids.includes('a') ? [failed('a', new Error('busy'), 60_000)] : 'wait'),
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(10)
    w.cache.getOrCreate('b', running())
    await w.clock.advance(0)
    w.environment.setVisible(false)
    const outcome = outcomeOf(w.cache.refresh('a'))
    await w.clock.advance(1000)
    expect(log(w.calls)).toEqual(['0 a', '10 b'])
    w.calls[1]?.answer([])
    await w.clock.advance(0)
    expect(log(w.calls)).toEqual(['0 a', '10 b', '1010 a'])
    expect(outcome.state).toBe('rejected')
  })

  it('S8: a terminal item is synced once', async () => {
    const { cache, clock, calls } = world({
      isTerminal,
      answer: () => [{ id: 'a', item: done(2) }],
    })
    cache.start().getOrCreate('a', done(1))
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(60_000)
    expect(times(calls)).toEqual([0])
    expect(outcome.state).toBe('resolved')
    expect(cache.get('a')).toEqual(done(2))
  })

  it('S8: an expired item is synced once', async () => {
    const { cache, clock, calls } = world({ policies: [expiry({ maxAge: 500 })] })
    cache.start().getOrCreate('a', running())
    await clock.advance(5000)
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(60_000)
    expect(times(calls)).toEqual([0, 5000])
    expect(outcome.state).toBe('resolved')
  })

  it('S8: an item that becomes terminal while its refresh waits is synced all the same', async () => {
    const { cache, clock, calls } = world({
      concurrency: 1,
      isTerminal,
      answer: (batch, call) => (call.ids.includes('first') ? 'wait' : unchanged(batch)),
    })
    cache.start().getOrCreate('first', running())
    await clock.advance(0)
    cache.getOrCreate('a', running())
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(10)
    cache.update('a', done())
    calls[0]?.answer([])
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 first', '10 a'])
    expect(outcome.state).toBe('resolved')
  })

  it('S8, P7: an item of a subscription that nobody observes is synced once', async () => {
    const { cache, clock, calls } = world()
    cache.subscribe('a', () => undefined, { initialItem: running() })()
    cache.start()
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(60_000)
    expect(times(calls)).toEqual([0])
    expect(outcome.state).toBe('resolved')
  })

  it('S8, G5: it passes the pause of the user', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    cache.pause()
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(5000)
    expect(times(calls)).toEqual([0, 500])
    expect(outcome.state).toBe('resolved')
  })

  it('S14: an item that is due already keeps its place', async () => {
    const { cache, clock, calls } = world({ batchSize: 1, concurrency: 1, answer: () => 'wait' })
    cache.start().getOrCreate('first', running())
    for (const id of ['a', 'b']) {
      await clock.advance(10)
      cache.getOrCreate(id, running())
    }
    await clock.advance(10)
    outcomeOf(cache.refresh('a'))
    for (let turn = 0; turn < 2; turn++) {
      calls.at(-1)?.answer([])
      await clock.advance(0)
    }
    expect(calls.map(({ ids }) => ids)).toEqual([['first'], ['a'], ['b']])
  })
})

describe('slow calls', () => {
  it('S8: a refresh asked for during a call that times out starts the next one then', async () => {
    const { cache, clock, calls } = world({
      timeout: 1000,
      answer: (_, call) => (call.at === 0 ? 'wait' : []),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(500)
    expect(times(calls)).toEqual([0, 1000])
    expect(outcome.state).toBe('resolved')
  })

  it('S8: asked for in every moment of slow calls, each is served by the one after it', async () => {
    const w: World<Job> = world({
      interval: Infinity,
      answer: (batch) => after(w.clock, 100, unchanged(batch)),
    })
    w.cache.start().getOrCreate('a', running())
    const outcomes: Outcome[] = []
    for (let step = 0; step < 10; step++) {
      await w.clock.advance(30)
      outcomes.push(outcomeOf(w.cache.refresh('a')))
    }
    await w.clock.advance(300)
    expect(outcomes.map(({ state }) => state)).toEqual(outcomes.map(() => 'resolved'))
    expect(timesOf(w.calls, 'a')).toEqual([0, 100, 200, 300, 400])
  })
})
