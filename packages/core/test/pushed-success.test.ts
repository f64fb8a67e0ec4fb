import { describe, expect, it } from 'vitest'
import { createAll, failed, log, times } from './scheduling.ts'
import { running, unchanged, world, type Job, type World } from './world.ts'

describe('a pushed success after a failure', () => {
  it('O2, F19: the retry that follows and changes nothing tells nobody', async () => {
    const w: World<Job> = world({
      interval: 5000,
      answer: (batch, { at }) => (at === 0 ? Promise.reject(new Error('down')) : unchanged(batch)),
    })
    createAll(w.cache.start(), ['a', 'b'])
    await w.clock.advance(100)
    w.cache.ingest([{ id: 'a', action: 'unchanged' }])
    await w.clock.advance(0)
    const told: string[] = []
    for (const id of ['a', 'b']) w.cache.subscribe(id, () => told.push(id))
    await w.clock.advance(1000)
    expect(log(w.calls)).toEqual(['0 a b', '1000 a b'])
    expect(told).toEqual(['b'])
  })

  it('F3, G6: it ends the delay of an item failure, so that a shorter interval counts at once', async () => {
    const { cache, clock, calls } = world({
      interval: 5000,
      answer: (batch, { at }) => batch.map(({ id }) => (at === 0 ? failed(id) : { id, action: 'unchanged' })),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    cache.ingest([{ id: 'a', action: 'unchanged' }])
    cache.setOptions({ interval: 1000 })
    await clock.advance(1000)
    expect(times(calls)).toEqual([0, 1100])
  })

  it('S2, F19: its interval is asked for once, also if the item is retried', async () => {
    let asked = 0
    const { cache, clock, calls } = world({
      interval: () => {
        asked += 1
        return 5000
      },
      answer: (batch, { at }) => (at === 0 ? Promise.reject(new Error('down')) : unchanged(batch)),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    const before = asked
    cache.ingest([{ id: 'a', item: running(1) }])
    expect(asked - before).toBe(1)
    await clock.advance(900)
    expect(times(calls)).toEqual([0, 1000])
  })
})
