import { describe, expect, it } from 'vitest'
import { fresh } from './fresh.ts'
import { createAll, log, outcomeOf, times, type Outcome } from './scheduling.ts'
import { running, stepped, unchanged, world, type Job, type World } from './world.ts'

describe('the call', () => {
  it('S8: refresh makes the item due now', async () => {
    const { cache, clock, calls } = await fresh()
    outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a', '100 a'])
  })

  it('S8: it resolves, with nothing, when the call has settled', async () => {
    const { cache, clock, lastCall } = await fresh()
    const promise = cache.refresh('a')
    const outcome = outcomeOf(promise)
    await clock.advance(50)
    expect(outcome.state).toBe('pending')
    lastCall().answer([{ id: 'a', item: running(1) }])
    await expect(promise).resolves.toBeUndefined()
    expect(cache.get('a')).toEqual(running(1))
  })

  it('S8: a call that was running already is not enough', async () => {
    const { cache, clock, calls } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const outcome = outcomeOf(cache.refresh('a'))
    calls[0]?.answer([{ id: 'a', item: running(1) }])
    await clock.advance(0)
    expect(outcome.state).toBe('pending')
    expect(calls).toHaveLength(2)
    calls[1]?.answer([{ id: 'a', item: running(2) }])
    await clock.advance(0)
    expect(outcome.state).toBe('resolved')
    expect(cache.get('a')).toEqual(running(2))
  })

  it('S8: the failure of a call that was running already rejects nothing', async () => {
    const { cache, clock, calls } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const outcome = outcomeOf(cache.refresh('a'))
    calls[0]?.fail(new Error('old'))
    await clock.advance(0)
    expect(outcome.state).toBe('pending')
    expect(calls).toHaveLength(2)
    calls[1]?.answer([])
    await clock.advance(0)
    expect(outcome.state).toBe('resolved')
  })

  it('S8: several callers share one call', async () => {
    const { cache, clock, calls, lastCall } = await fresh()
    const outcomes = [1, 2, 3].map(() => outcomeOf(cache.refresh('a')))
    await clock.advance(0)
    lastCall().answer([])
    await clock.advance(0)
    expect(calls).toHaveLength(2)
    expect(outcomes.map(({ state }) => state)).toEqual(['resolved', 'resolved', 'resolved'])
  })

  it('S8: callers before and during a call: each is served by one that started after it', async () => {
    const { cache, clock, calls } = await fresh()
    const before = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    const during = [outcomeOf(cache.refresh('a')), outcomeOf(cache.refresh('a'))]
    calls[1]?.answer([])
    await clock.advance(0)
    expect([before, ...during].map(({ state }) => state)).toEqual(['resolved', 'pending', 'pending'])
    calls[2]?.answer([])
    await clock.advance(0)
    expect(during.map(({ state }) => state)).toEqual(['resolved', 'resolved'])
    expect(calls).toHaveLength(3)
  })

  it('S14: healthy items that are asked for in one turn share a batch', async () => {
    const { cache, clock, calls } = world()
    cache.start()
    createAll(cache, ['a', 'b', 'c'])
    await clock.advance(100)
    for (const id of ['a', 'c']) outcomeOf(cache.refresh(id))
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a b c', '100 a c'])
  })

  it('S8: refresh of a new item shares its first call', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(outcome.state).toBe('resolved')
    expect(calls).toHaveLength(1)
  })

  it('S8: the next refresh comes one interval later', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(700)
    outcomeOf(cache.refresh('a'))
    await clock.advance(2000)
    expect(times(calls)).toEqual([0, 700, 1700, 2700])
  })

  it('S8: an item without an interval is refreshed by hand', async () => {
    const { cache, clock, calls } = world({ interval: Infinity })
    cache.start().getOrCreate('a', running())
    await clock.advance(50_000)
    outcomeOf(cache.refresh('a'))
    await clock.advance(50_000)
    expect(times(calls)).toEqual([0, 50_000])
  })

  it('S8: a local write during the call does not lose the refresh', async () => {
    const { cache, clock, lastCall } = await fresh()
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    cache.update('a', running(7))
    lastCall().answer([{ id: 'a', item: running(1) }])
    await clock.advance(0)
    expect(outcome.state).toBe('resolved')
    expect(cache.get('a')).toEqual(running(7))
  })

  it('S8: an id that the response leaves out counts as refreshed by default', async () => {
    const { cache, clock, lastCall } = await fresh()
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    lastCall().answer([])
    await clock.advance(0)
    expect(outcome.state).toBe('resolved')
  })

  it('S8: when it resolves, what it brought can be read', async () => {
    const { cache, clock } = world({ answer: stepped })
    cache.start().getOrCreate('a', running(0))
    await clock.advance(100)
    const seen = cache.refresh('a').then(() => cache.get('a'))
    await clock.advance(0)
    expect(await seen).toEqual(running(2))
  })

  it('S8: an item may be refreshed again and again', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    for (let step = 0; step < 5; step++) {
      const outcome = outcomeOf(cache.refresh('a'))
      await clock.advance(1)
      expect(outcome.state).toBe('resolved')
    }
    expect(calls).toHaveLength(6)
  })

  it('S8: a sync function may ask for another refresh of its own item', async () => {
    let asked: Outcome | undefined
    const w: World<Job> = world({
      answer: (batch) => {
        asked ??= outcomeOf(w.cache.refresh('a'))
        return unchanged(batch)
      },
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    expect(times(w.calls)).toEqual([0, 0])
    expect(asked?.state).toBe('resolved')
  })
})
