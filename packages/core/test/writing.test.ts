import { expiry } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { told, times, untyped } from './scheduling.ts'
import { done, isTerminal, running, stepped, world, type Job } from './world.ts'

describe('getOrCreate', () => {
  it('W1: it stores its argument if there is no item, and returns it', () => {
    const { cache } = world()
    const item = running()
    expect(cache.getOrCreate('a', item)).toBe(item)
    expect(cache.get('a')).toBe(item)
    expect(cache.has('a')).toBe(true)
    expect(cache.size).toBe(1)
  })

  it('W1: it returns the present item, and ignores its argument', () => {
    const { cache, events } = world()
    const item = running(1)
    cache.getOrCreate('a', item)
    expect(cache.getOrCreate('a', running(2))).toBe(item)
    expect(cache.get('a')).toBe(item)
    expect(told(events)).toEqual(['created a'])
  })

  it('W1: it returns the newest item, not the one that it stored', async () => {
    const { cache, clock } = world({ answer: stepped })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(cache.getOrCreate('a', running())).toEqual(running(1))
  })

  it('W1: it ignores a terminal argument for a present item', async () => {
    const { cache, clock, calls } = world({ isTerminal })
    cache.start().getOrCreate('a', running())
    cache.getOrCreate('a', done())
    await clock.advance(1000)
    expect(cache.getSnapshot('a').status).toBe('active')
    expect(calls).toHaveLength(2)
  })

  it('W1: it returns present items that are terminal, and expired ones', async () => {
    const { cache, clock } = world({ isTerminal, policies: [expiry({ maxAge: 500 })] })
    cache.start().getOrCreate('t', done(1))
    cache.getOrCreate('e', running(1))
    await clock.advance(600)
    expect(cache.getOrCreate('t', running(2))).toEqual(done(1))
    expect(cache.getOrCreate('e', running(2))).toEqual(running(1))
    expect(cache.getSnapshot('e').status).toBe('expired')
  })

  it('W1: after a delete it creates again', () => {
    const { cache, events } = world()
    cache.getOrCreate('a', running(1))
    cache.delete('a')
    expect(cache.getOrCreate('a', running(2))).toEqual(running(2))
    expect(told(events)).toEqual(['created a', 'deleted a', 'created a'])
  })

  it('W1, D20: an id is inserted once, though a listener of its creation creates it, too', () => {
    const { cache, events } = world()
    const results: Job[] = []
    cache.onEvent((event) => {
      if (event.type === 'created') results.push(cache.getOrCreate('a', running(2)))
    })
    results.push(cache.getOrCreate('a', running(1)))
    expect(results).toEqual([running(1), running(1)])
    expect(told(events)).toEqual(['created a'])
  })

  it('W1, D20: an item that is created twice in a turn is sent once', async () => {
    const { cache, clock, batches } = world()
    cache.start()
    cache.getOrCreate('a', running(1))
    cache.getOrCreate('a', running(2))
    await clock.advance(0)
    expect(batches()).toEqual([['a']])
  })

  it('W1: the cache never mutates an item', async () => {
    const item = Object.freeze(running(1))
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', item)
    await clock.advance(1000)
    cache.ingest([{ id: 'a', item: Object.freeze(running(1)) }])
    expect(cache.get('a')).toBe(item)
    expect(calls[0]?.batch[0]?.item).toBe(item)
    expect(item).toEqual(running(1))
  })
})

describe('values that are no items', () => {
  it('W1, D15: creating with null is a TypeError, and stores nothing', async () => {
    const { cache, clock, calls, events } = world()
    cache.start()
    expect(() => cache.getOrCreate('a', untyped(null))).toThrow(TypeError)
    expect(cache.has('a')).toBe(false)
    expect(cache.size).toBe(0)
    await clock.advance(5000)
    expect(calls).toEqual([])
    expect(told(events)).toEqual([])
    expect(cache.getOrCreate('a', running())).toEqual(running())
  })

  it.each([undefined, null])('W1, D15: updating to %s is a TypeError, and changes nothing', (value) => {
    const { cache, events } = world()
    cache.getOrCreate('a', running(1))
    expect(() => cache.update('a', untyped(value))).toThrow(TypeError)
    expect(cache.get('a')).toEqual(running(1))
    expect(told(events)).toEqual(['created a'])
  })

  it.each([0, '', false, Number.NaN])('W1: %o is an item', async (item) => {
    const { cache, clock, batches } = world<unknown>()
    cache.start()
    expect(cache.getOrCreate('a', item)).toBe(item)
    expect(cache.getOrCreate('a', 'another')).toBe(item)
    expect(cache.get('a')).toBe(item)
    expect(cache.getOrThrow('a')).toBe(item)
    expect(cache.getSnapshot('a').status).toBe('active')
    await clock.advance(0)
    expect(batches()).toEqual([['a']])
    cache.getOrCreate('b', 'something')
    expect(cache.update('b', item)).toBe(true)
    expect(cache.get('b')).toBe(item)
  })
})

describe('update', () => {
  it('W2: it replaces a present item, and returns true', () => {
    const { cache, events } = world()
    cache.getOrCreate('a', running(1))
    const next = running(2)
    expect(cache.update('a', next)).toBe(true)
    expect(cache.get('a')).toBe(next)
    expect(events.at(-1)).toEqual({ type: 'updated', id: 'a', item: next })
  })

  it('W2: an item that equals the present one replaces it, too', () => {
    const { cache } = world()
    cache.getOrCreate('a', running(1))
    const next = running(1)
    expect(cache.update('a', next)).toBe(true)
    expect(cache.get('a')).toBe(next)
  })

  it('W2: updating to the present item returns true', () => {
    const { cache } = world()
    const item = cache.getOrCreate('a', running(1))
    expect(cache.update('a', item)).toBe(true)
    expect(cache.get('a')).toBe(item)
  })

  it('W2: an update of an absent id returns false, and stores nothing', async () => {
    const { cache, clock, calls, events } = world()
    cache.start()
    expect(cache.update('a', running(1))).toBe(false)
    expect(cache.has('a')).toBe(false)
    expect(cache.get('a')).toBeUndefined()
    expect(cache.size).toBe(0)
    expect([...cache.ids()]).toEqual([])
    await clock.advance(5000)
    expect(calls).toEqual([])
    expect(told(events)).toEqual([])
    expect(cache.getOrCreate('a', running(2))).toEqual(running(2))
  })

  it('W2: an update of a deleted id returns false, and stores nothing', () => {
    const { cache } = world()
    cache.getOrCreate('a', running(1))
    cache.delete('a')
    expect(cache.update('a', running(2))).toBe(false)
    expect(cache.has('a')).toBe(false)
  })

  it('W2: an update of an absent id that is observed returns false, and stores nothing', async () => {
    const { cache, clock } = world()
    let heard = 0
    cache.subscribe('a', () => (heard += 1))
    expect(cache.update('a', running(1))).toBe(false)
    await clock.advance(0)
    expect(cache.has('a')).toBe(false)
    expect(heard).toBe(0)
  })

  it('W2: it replaces terminal and expired items, too', async () => {
    const { cache, clock } = world({ isTerminal, policies: [expiry({ maxAge: 500 })] })
    cache.start().getOrCreate('t', done(1))
    cache.getOrCreate('e', running(1))
    await clock.advance(600)
    expect(cache.update('t', done(2))).toBe(true)
    expect(cache.update('e', running(2))).toBe(true)
    expect(cache.get('t')).toEqual(done(2))
    expect(cache.get('e')).toEqual(running(2))
  })

  it('W2, D22: the interface has update and delete', () => {
    const { cache } = world()
    cache.getOrCreate('a', running(1))
    expect([cache.update('a', running(2)), cache.delete('a')]).toEqual([true, true])
  })
})

describe('delete', () => {
  it('W4: it removes at once, and returns true', () => {
    const { cache, events } = world()
    const item = cache.getOrCreate('a', running())
    expect(cache.delete('a')).toBe(true)
    expect(cache.get('a')).toBeUndefined()
    expect(cache.has('a')).toBe(false)
    expect(cache.size).toBe(0)
    expect([...cache.ids()]).toEqual([])
    expect(cache.getSnapshot('a').status).toBe('missing')
    expect(events.at(-1)).toEqual({ type: 'deleted', id: 'a', item, reason: 'deleted' })
  })

  it('W4: it returns false if there is nothing to remove', () => {
    const { cache, events } = world()
    expect(cache.delete('a')).toBe(false)
    cache.getOrCreate('a', running())
    cache.delete('a')
    expect(cache.delete('a')).toBe(false)
    expect(told(events)).toEqual(['created a', 'deleted a'])
  })

  it('W4: it leaves the others alone', async () => {
    const { cache, clock, batches } = world()
    cache.start().getOrCreate('a', running())
    cache.getOrCreate('b', running())
    cache.delete('a')
    await clock.advance(0)
    expect(batches()).toEqual([['b']])
  })

  it('W4: a deleted item is never synced again', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    cache.delete('a')
    await clock.advance(10_000)
    expect(times(calls)).toEqual([0])
  })

  it('W4: it removes an item at once that is in a running call, waits for one, is terminal, or is marked', async () => {
    const { cache, clock, calls } = world({ isTerminal, batchSize: 1, concurrency: 1, answer: () => 'wait' })
    cache.start()
    for (const id of ['a', 'b', 'm']) cache.getOrCreate(id, running())
    cache.getOrCreate('t', done())
    await clock.advance(0)
    cache.deleteDelayed('m')
    for (const id of [...cache.ids()]) expect(cache.delete(id)).toBe(true)
    expect(cache.size).toBe(0)
    calls[0]?.answer([])
    await clock.advance(5000)
    expect(calls).toHaveLength(1)
  })
})
