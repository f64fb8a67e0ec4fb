import { describe, expect, it } from 'vitest'
import {
  after,
  createAll,
  failed,
  log,
  manyIds,
  outcomeOf,
  times,
  timesOf,
  type Outcome,
} from './scheduling-helpers.ts'
import { done, running, stepped, unchanged, world, type Job, type World } from './world.ts'

describe('what it passes, and what not', () => {
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

  it('S8: it does not pass parallelism', async () => {
    const { cache, clock, calls } = world({ parallelism: 1, answer: () => 'wait' })
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
    const { cache, clock, calls } = world({ interval: Infinity, rateLimit: { calls: 1, per: 1000 } })
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
      parallelism: 1,
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
      isTerminal: (job) => job.done,
      answer: () => [{ id: 'a', item: done(2) }],
    })
    cache.start().getOrCreate('a', done(1))
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(60_000)
    expect(times(calls)).toEqual([0])
    expect(outcome.state).toBe('resolved')
    expect(cache.get('a')).toEqual(done(2))
  })

  it('S8, W7: a terminal item that is synced does not go back', async () => {
    const { cache, clock } = world({ isTerminal: (job) => job.done, answer: stepped })
    cache.start().getOrCreate('a', done(1))
    outcomeOf(cache.refresh('a'))
    await clock.advance(60_000)
    expect(cache.getSnapshot('a').status).toBe('terminal')
  })

  it('S8: an expired item is synced once', async () => {
    const { cache, clock, calls } = world({ maxAge: 500 })
    cache.start().getOrCreate('a', running())
    await clock.advance(5000)
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(60_000)
    expect(times(calls)).toEqual([0, 5000])
    expect(outcome.state).toBe('resolved')
  })

  it('S8: an item that becomes terminal while its refresh waits is synced all the same', async () => {
    const { cache, clock, calls } = world({
      parallelism: 1,
      isTerminal: (job) => job.done,
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

  it('S8: an unobserved item is synced once', async () => {
    const { cache, clock, calls } = world({ refreshUnobserved: false })
    cache.start().getOrCreate('a', running())
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(60_000)
    expect(times(calls)).toEqual([0])
    expect(outcome.state).toBe('resolved')
  })
})

describe('in an outage', () => {
  /** Three calls have failed by 0; the next are answered by the test. */
  async function outage(options: Parameters<typeof world<Job>>[0] = {}) {
    const all = world({
      batchSize: 1,
      answer: (_, call) => (call.at === 0 ? Promise.reject(new Error('down')) : 'wait'),
      ...options,
    })
    all.cache.start()
    createAll(all.cache, manyIds(3))
    await all.clock.advance(100)
    return all
  }

  it('S8: it is the probe, at once', async () => {
    const { cache, clock, calls } = await outage()
    outcomeOf(cache.refresh('i2'))
    await clock.advance(0)
    expect(log(calls).slice(3)).toEqual(['100 i2'])
  })

  it('S8: never a second one beside a probe', async () => {
    const { cache, clock, calls } = await outage()
    outcomeOf(cache.refresh('i2'))
    await clock.advance(0)
    outcomeOf(cache.refresh('i1'))
    outcomeOf(cache.refresh('i0'))
    await clock.advance(20_000)
    expect(calls).toHaveLength(4)
  })

  it('S8: it waits for the probe that runs, and is the next, at once', async () => {
    const { cache, clock, calls } = await outage()
    outcomeOf(cache.refresh('i2'))
    await clock.advance(0)
    const outcome = outcomeOf(cache.refresh('i1'))
    await clock.advance(50)
    calls[3]?.fail(new Error('still down'))
    await clock.advance(0)
    expect(log(calls).slice(3)).toEqual(['100 i2', '150 i1'])
    calls[4]?.answer([])
    await clock.advance(0)
    expect(outcome.state).toBe('resolved')
  })

  it('S8: it does not start beside calls that run since before the outage', async () => {
    const { cache, clock, calls } = world({
      batchSize: 1,
      answer: (_, call) =>
        call.at === 0 && !call.ids.includes('slow') ? Promise.reject(new Error('down')) : 'wait',
    })
    cache.start()
    createAll(cache, [...manyIds(3), 'slow'])
    await clock.advance(100)
    outcomeOf(cache.refresh('i0'))
    await clock.advance(1900)
    expect(calls).toHaveLength(4)
    calls.find((call) => call.ids.includes('slow'))?.fail(new Error('down'))
    await clock.advance(0)
    expect(log(calls).slice(4)).toEqual(['2000 i0'])
  })

  it('S8: a refresh that succeeds ends the outage', async () => {
    const { cache, clock, calls, events } = await outage()
    outcomeOf(cache.refresh('i2'))
    await clock.advance(0)
    calls[3]?.answer([])
    await clock.advance(0)
    expect(events.map(({ type }) => type)).toContain('outage-ended')
  })

  it('S8: one that fails rejects with the error of its probe', async () => {
    const error = new Error('still down')
    const { cache, clock, calls } = await outage()
    const outcome = outcomeOf(cache.refresh('i2'))
    await clock.advance(0)
    calls[3]?.fail(error)
    await clock.advance(0)
    expect(outcome).toEqual({ state: 'rejected', error })
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
