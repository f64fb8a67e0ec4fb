import { expiry, until } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createUnobserved } from './scheduling.ts'
import { done, isTerminal, running, stepped, unchanged, world, type Job, type World } from './world.ts'

describe('terminalTtl', () => {
  it('W12: it counts from the creation of what is terminal then', async () => {
    const { cache, clock, events } = world({ isTerminal, policies: [expiry({ terminalTtl: 500 })] })
    cache.start()
    await clock.advance(200)
    cache.getOrCreate('a', done())
    await clock.advance(499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
    expect(events.at(-1)).toEqual({ type: 'deleted', id: 'a', item: done(), reason: 'terminal-ttl' })
  })

  const writes: readonly (readonly [string, (all: World<Job>) => void])[] = [
    ['a local update', ({ cache }) => void cache.update('a', done(1))],
    ['a pushed value', ({ cache }) => cache.ingest([{ id: 'a', item: done(1) }])],
    ['a refresh', ({ cache }) => void cache.refresh('a')],
  ]

  it.each(writes)('W12: it counts from the moment when %s made the item terminal', async (_, write) => {
    const all = world({
      isTerminal,
      policies: [expiry({ terminalTtl: 500 })],
      answer: (batch, { at }) => (at === 0 ? unchanged(batch) : [{ id: 'a', item: done(1) }]),
    })
    all.cache.start().getOrCreate('a', running())
    await all.clock.advance(800)
    write(all)
    await all.clock.advance(499)
    expect(all.cache.get('a')).toEqual(done(1))
    await all.clock.advance(1)
    expect(all.cache.has('a')).toBe(false)
  })

  it('W12: another write or refresh of a terminal item does not prolong it', async () => {
    const { cache, clock } = world({ isTerminal, policies: [expiry({ terminalTtl: 500 })] })
    cache.start().getOrCreate('a', done())
    await clock.advance(200)
    cache.update('a', done(1))
    await cache.refresh('a')
    cache.ingest([{ id: 'a', item: done(2) }])
    await clock.advance(299)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('W12: an item that is deleted before its time prolongs that of no other', async () => {
    const { cache, clock } = world({ isTerminal, policies: [expiry({ terminalTtl: 500 })] })
    cache.start().getOrCreate('active', running())
    for (const id of ['a', 'b', 'c']) cache.getOrCreate(id, done())
    await clock.advance(200)
    cache.delete('active')
    await clock.advance(299)
    expect([...cache.ids()]).toEqual(['a', 'b', 'c'])
    await clock.advance(1)
    expect([...cache.ids()]).toEqual([])
  })

  it('W12: a subscriber that leaves does not prolong it', async () => {
    const { cache, clock } = world({ isTerminal, policies: [expiry({ terminalTtl: 500 })], gcTime: 5000 })
    cache.start().getOrCreate('a', done())
    await clock.advance(200)
    const unsubscribe = cache.subscribe('a', () => {})
    await clock.advance(200)
    unsubscribe()
    await clock.advance(99)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('W12: an item that came back to life is kept', async () => {
    const { cache, clock } = world({ isTerminal, policies: [expiry({ terminalTtl: 500 })] })
    cache.start().getOrCreate('a', done())
    await clock.advance(300)
    cache.update('a', running())
    await clock.advance(5000)
    expect(cache.has('a')).toBe(true)
  })

  it('W12: it counts anew when the item is terminal again', async () => {
    const { cache, clock } = world({ isTerminal, policies: [expiry({ terminalTtl: 500 })] })
    cache.start().getOrCreate('a', done())
    await clock.advance(300)
    cache.update('a', running())
    await clock.advance(100)
    cache.update('a', done())
    await clock.advance(499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('W12: it counts from the moment when the item expired', async () => {
    const { cache, clock, events } = world({ policies: [expiry({ maxAge: 700, terminalTtl: 500 })] })
    cache.start().getOrCreate('a', running())
    await clock.advance(1199)
    expect(cache.getSnapshot('a').status).toBe('expired')
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
    expect(events.at(-1)).toMatchObject({ type: 'deleted', reason: 'terminal-ttl' })
  })

  it('W12: it removes observed items, too', async () => {
    const { cache, clock } = world({ isTerminal, policies: [expiry({ terminalTtl: 500 })] })
    cache.start().getOrCreate('a', done())
    cache.subscribe('a', () => {})
    await clock.advance(500)
    expect(cache.has('a')).toBe(false)
  })
})

describe('maxAge', () => {
  it('W12: it counts from the creation', async () => {
    const { cache, clock, events } = world({ policies: [expiry({ maxAge: 700 })] })
    cache.start()
    await clock.advance(100)
    cache.getOrCreate('a', running())
    await clock.advance(699)
    expect(cache.getSnapshot('a').status).toBe('active')
    await clock.advance(1)
    expect(cache.getSnapshot('a').status).toBe('expired')
    expect(events.at(-1)).toEqual({ type: 'expired', id: 'a', item: running() })
  })

  it('W12: refreshes, writes, pushes, readers and subscribers do not prolong it', async () => {
    const { cache, clock } = world({ interval: 100, policies: [expiry({ maxAge: 700 })], answer: stepped })
    cache.start().getOrCreate('a', running())
    for (let step = 0; step < 6; step++) {
      await clock.advance(100)
      cache.update('a', running(step))
      cache.ingest([{ id: 'a', item: running(90 + step) }])
      cache.getOrCreate('a', running())
      cache.subscribe('a', () => {})
      cache.get('a')
    }
    await clock.advance(99)
    expect(cache.getSnapshot('a').status).toBe('active')
    await clock.advance(1)
    expect(cache.getSnapshot('a').status).toBe('expired')
  })

  it('W12: an item that is created again has its own', async () => {
    const { cache, clock } = world({ policies: [expiry({ maxAge: 700 })] })
    cache.start().getOrCreate('a', running())
    await clock.advance(600)
    cache.delete('a')
    cache.getOrCreate('a', running())
    await clock.advance(699)
    expect(cache.getSnapshot('a').status).toBe('active')
    await clock.advance(1)
    expect(cache.getSnapshot('a').status).toBe('expired')
  })

  it('W12: an expired item stays readable', async () => {
    const { cache, clock } = world({ policies: [expiry({ maxAge: 700 })] })
    cache.start().getOrCreate('a', running(1))
    await clock.advance(50_000)
    expect(cache.get('a')).toEqual(running(1))
    expect(cache.size).toBe(1)
  })
})

describe('lifetimes of a cache that does not run', () => {
  it('W12: nothing is removed and nothing expires', async () => {
    const { cache, clock } = world({
      isTerminal,
      policies: [expiry({ maxAge: 500, terminalTtl: 500 })],
      gcTime: 900,
    })
    cache.getOrCreate('a', running())
    cache.getOrCreate('t', done())
    await cache.start().stop()
    cache.subscribe('s', () => {}, { initialItem: running() })()
    await clock.advance(5000)
    expect(cache.has('s')).toBe(true)
    expect(cache.getSnapshot('a').status).toBe('active')
    expect(cache.getSnapshot('t').status).toBe('terminal')
  })

  it('W12: nothing is removed when a call that the stop aborted settles', async () => {
    const { cache, clock, lastCall } = world({ policies: [expiry({ maxAge: 300 })], answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    void cache.stop()
    await clock.advance(1000)
    lastCall().answer([])
    await clock.advance(0)
    expect(cache.getSnapshot('a').status).toBe('active')
  })

  it('W12: an item whose terminalTtl has passed goes when the cache starts', async () => {
    const { cache, clock, calls } = world({ isTerminal, policies: [expiry({ terminalTtl: 500 })] })
    cache.getOrCreate('t', done())
    await clock.advance(500)
    cache.start()
    await clock.advance(0)
    expect(cache.has('t')).toBe(false)
    expect(calls).toEqual([])
  })

  it('W12: an item whose maxAge has passed expires when the cache starts, and is not refreshed', async () => {
    const { cache, clock, calls } = world({ policies: [expiry({ maxAge: 500 })] })
    cache.getOrCreate('a', running())
    await clock.advance(500)
    cache.start()
    await clock.advance(0)
    expect(cache.getSnapshot('a').status).toBe('expired')
    expect(calls).toEqual([])
  })

  it('W12: an item whose gcTime has passed goes when the cache starts, and is not refreshed', async () => {
    const w = world({ gcTime: 500 })
    await w.cache.start().stop()
    createUnobserved(w, 'a')
    await w.clock.advance(500)
    w.cache.start()
    await w.clock.advance(0)
    expect(w.cache.has('a')).toBe(false)
    expect(w.calls).toEqual([])
  })

  it('W12: a time that has not passed goes on counting from its beginning', async () => {
    const { cache, clock } = world({ isTerminal, policies: [expiry({ maxAge: 500, terminalTtl: 800 })] })
    cache.getOrCreate('a', running())
    cache.getOrCreate('t', done())
    await clock.advance(300)
    cache.start()
    await clock.advance(199)
    expect(cache.getSnapshot('a').status).toBe('active')
    await clock.advance(1)
    expect(cache.getSnapshot('a').status).toBe('expired')
    await clock.advance(299)
    expect(cache.has('t')).toBe(true)
    await clock.advance(1)
    expect(cache.has('t')).toBe(false)
  })

  it('W12: a subscriber that left meanwhile starts gcTime', async () => {
    const { cache, clock } = world({ gcTime: 500 })
    const unsubscribe = cache.start().subscribe('a', () => {}, { initialItem: running() })
    await clock.advance(1000)
    await cache.stop()
    unsubscribe()
    await clock.advance(300)
    cache.start()
    await clock.advance(199)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })
})

describe('lifetimes if nothing else is scheduled', () => {
  /** An item that was synced once and has no due time; nothing keeps a timer but what the test does. */
  async function quiet(options: Parameters<typeof world<Job>>[0]): Promise<World<Job>> {
    const all = world({ isTerminal, interval: Infinity, ...options })
    all.cache.start().getOrCreate('a', running())
    await all.clock.advance(100)
    return all
  }

  it('W12: an update to a terminal item starts its terminalTtl', async () => {
    const { cache, clock } = await quiet({ policies: [expiry({ terminalTtl: 500 })] })
    cache.update('a', done())
    await clock.advance(499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('W12: a push of a terminal item starts its terminalTtl', async () => {
    const { cache, clock } = await quiet({ policies: [expiry({ terminalTtl: 500 })] })
    cache.ingest([{ id: 'a', item: done() }])
    await clock.advance(500)
    expect(cache.has('a')).toBe(false)
  })

  it('W12: an item that comes back to life expires at its maxAge', async () => {
    const { cache, clock } = await quiet({ policies: [expiry({ maxAge: 500 })] })
    cache.update('a', done())
    await clock.advance(100)
    cache.update('a', running())
    await clock.advance(299)
    expect(cache.getSnapshot('a').status).toBe('active')
    await clock.advance(1)
    expect(cache.getSnapshot('a').status).toBe('expired')
  })

  it('W12, P7: an aborted wait by until starts gcTime', async () => {
    const w = world({ gcTime: 500, interval: Infinity })
    w.cache.start()
    createUnobserved(w, 'a')
    const controller = new AbortController()
    const waited = until(w.cache, 'a', () => false, { signal: controller.signal }).catch(() => 'aborted')
    await w.clock.advance(1000)
    expect(w.cache.has('a')).toBe(true)
    controller.abort()
    expect(await waited).toBe('aborted')
    await w.clock.advance(499)
    expect(w.cache.has('a')).toBe(true)
    await w.clock.advance(1)
    expect(w.cache.has('a')).toBe(false)
  })

  it('W12: each of two items is removed at its own time', async () => {
    const w = world({ gcTime: 500, interval: Infinity })
    w.cache.start()
    createUnobserved(w, 'a')
    await w.clock.advance(100)
    createUnobserved(w, 'b')
    await w.clock.advance(400)
    expect([...w.cache.ids()]).toEqual(['b'])
    await w.clock.advance(100)
    expect(w.cache.size).toBe(0)
  })
})
