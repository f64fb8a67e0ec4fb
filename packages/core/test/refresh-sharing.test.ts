import { describe, expect, it } from 'vitest'
import { createAll, log, outcomeOf } from './scheduling.ts'
import { done, isTerminal, running, unchanged, world, type Job, type World } from './world.ts'

describe('a refresh that shares its call', () => {
  it('S14: a call is told as asked for if one of its items was', async () => {
    const { cache, clock, calls, events } = world()
    createAll(cache.start(), ['a', 'b'])
    await clock.advance(999)
    void cache.refresh('a')
    createAll(cache, ['c'])
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a b', '999 a b c'])
    expect(events.flatMap((event) => (event.type === 'sync-started' ? [event.kind] : []))).toEqual([
      'clock',
      'asked',
    ])
  })

  it('W7: it reopens an item that was terminal when one of the requests was made', async () => {
    const w: World<Job> = world({
      isTerminal,
      concurrency: 1,
      answer: (batch, { at }) =>
        at === 0 ? unchanged(batch) : batch.map(({ id }) => ({ id, item: running(7) })),
      interval: 60_000,
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(100)
    const outcomes = [outcomeOf(w.cache.refresh('a'))]
    w.cache.update('a', done(1))
    outcomes.push(outcomeOf(w.cache.refresh('a')))
    await w.clock.advance(0)
    expect(log(w.calls)).toEqual(['0 a', '100 a'])
    expect(outcomes.map(({ state }) => state)).toEqual(['resolved', 'resolved'])
    expect(w.cache.getSnapshot('a')).toMatchObject({ status: 'active', item: running(7) })
  })

  it('S2: no interval is asked for a terminal item whose refresh fails', async () => {
    const asked: string[] = []
    const { cache, clock, calls } = world({
      isTerminal,
      interval: (_, id) => {
        asked.push(id)
        return 1000
      },
      answer: () => Promise.reject(new Error('down')),
    })
    cache.start().getOrCreate('a', done())
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(5000)
    expect(log(calls)).toEqual(['0 a'])
    expect(outcome.state).toBe('rejected')
    expect(asked).toEqual([])
  })
})
