import { lru, AutoRefreshError, type AutoRefreshOptions } from '@auto-refresh/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isTerminal, done, running, world, type Job, type World } from './world.ts'

const nothing = (): void => {}

const evicted = ({ events }: World<Job>): string[] =>
  events.flatMap((event) => (event.type === 'evicted' ? [event.id] : []))

const failure = (action: () => unknown): unknown => {
  try {
    return action()
  } catch (error) {
    return error
  }
}

/**
 * Full with `old`, `mid` and `new`, used in this order. An eviction has gone before, so that also a second-chance
 * algorithm has taken the first chance from `old` and `mid`.
 */
function full(options: Partial<AutoRefreshOptions<Job>> = {}): World<Job> {
  const all = world({ policies: [lru(3)], isTerminal, ...options })
  for (const id of ['oldest', 'old', 'mid', 'new']) all.cache.getOrCreate(id, running())
  return all
}

describe('the least recently used item', () => {
  it('C1: there are never more items than the capacity', () => {
    const { cache } = world({ policies: [lru(3)] })
    for (let index = 0; index < 50; index++) {
      cache.getOrCreate(`i${index}`, running(index))
      expect(cache.size).toBe(Math.min(index + 1, 3))
      expect(cache.get(`i${index}`)).toEqual(running(index))
    }
  })

  it('C1: up to the capacity nothing goes', () => {
    const all = world({ policies: [lru(3)] })
    for (const id of ['a', 'b', 'c']) all.cache.getOrCreate(id, running())
    expect([...all.cache.ids()].sort()).toEqual(['a', 'b', 'c'])
    expect(evicted(all)).toEqual([])
  })

  it('C1: one item goes for one that comes', () => {
    const all = full()
    expect(evicted(all)).toEqual(['oldest'])
    all.cache.getOrCreate('next', running())
    expect(evicted(all)).toEqual(['oldest', 'old'])
    expect([...all.cache.ids()].sort()).toEqual(['mid', 'new', 'next'])
  })

  it('C1: the new item is there, and is what getOrCreate returns', () => {
    const { cache } = full()
    const item = running(7)
    expect(cache.getOrCreate('next', item)).toBe(item)
    expect(cache.get('next')).toBe(item)
  })

  it('C1: a capacity of 1 holds the last one', () => {
    const { cache } = world({ policies: [lru(1)] })
    for (const id of ['a', 'b', 'c']) {
      cache.getOrCreate(id, running())
      expect([...cache.ids()]).toEqual([id])
    }
  })

  it('C1: the capacity Infinity, and none, hold everything', () => {
    for (const options of [{}, { policies: [lru(Infinity)] }]) {
      const all = world(options)
      for (let index = 0; index < 2000; index++) all.cache.getOrCreate(`i${index}`, running())
      expect(all.cache.size).toBe(2000)
      expect(evicted(all)).toEqual([])
    }
  })

  it('C1: a deletion makes room', () => {
    const all = full()
    all.cache.delete('new')
    all.cache.getOrCreate('next', running())
    expect(evicted(all)).toEqual(['oldest'])
    expect(all.cache.size).toBe(3)
  })

  it('C1: getOrCreate of a present item evicts nothing', () => {
    const all = full()
    for (const id of ['old', 'mid', 'new']) all.cache.getOrCreate(id, running())
    expect(evicted(all)).toEqual(['oldest'])
  })

  it('C1: an evicted item that is created again is a new one', async () => {
    const { cache, clock } = full()
    await clock.advance(10)
    cache.getOrCreate('oldest', running(9))
    expect(cache.getSnapshot('oldest')).toMatchObject({ item: running(9), createdAt: clock.epoch() })
  })
})

describe('if nothing can go', () => {
  const crowded = (): World<Job> => {
    const all = world({ policies: [lru(2)] })
    for (const id of ['a', 'b']) {
      all.cache.getOrCreate(id, running())
      all.cache.subscribe(id, nothing)
    }
    return all
  }

  it('C1: getOrCreate throws CAPACITY', () => {
    const { cache } = crowded()
    const error = failure(() => cache.getOrCreate('c', running()))
    expect(error).toBeInstanceOf(AutoRefreshError)
    expect(error).toMatchObject({ code: 'CAPACITY' })
  })

  it('C1: an item of a subscription comes in even so, and exceeds the capacity', () => {
    const all = crowded()
    all.cache.start()
    all.cache.subscribe('c', nothing, { create: true })
    expect([...all.cache.ids()].sort()).toEqual(['a', 'b', 'c'])
    expect(evicted(all)).toEqual([])
  })

  it('C1: after that, room is made down to the capacity', () => {
    const all = crowded()
    all.cache.start()
    all.cache.subscribe('c', nothing, { create: true })()
    all.cache.subscribe('d', nothing, { create: true })()
    expect(evicted(all)).toEqual(['c'])
    expect([...all.cache.ids()].sort()).toEqual(['a', 'b', 'd'])
  })

  it('C1: it changes nothing', async () => {
    const { cache, clock, events, batches } = crowded()
    cache.start()
    await clock.advance(0)
    let told = 0
    cache.subscribe('c', () => (told += 1))
    const before = { ...cache.stats() }
    const snapshot = cache.getSnapshot('a')
    const eventsBefore = events.length
    expect(() => cache.getOrCreate('c', running())).toThrow(AutoRefreshError)
    await clock.advance(0)
    expect(cache.has('c')).toBe(false)
    expect(cache.getSnapshot('c').status).toBe('missing')
    expect(cache.getSnapshot('a')).toBe(snapshot)
    expect([...cache.ids()].sort()).toEqual(['a', 'b'])
    expect(cache.stats()).toEqual(before)
    expect(events).toHaveLength(eventsBefore)
    expect(told).toBe(0)
    await clock.advance(5000)
    expect(batches().flat()).not.toContain('c')
  })

  it('C1: present items are still found, by getOrCreate, too', () => {
    const { cache } = crowded()
    expect(cache.getOrCreate('a', running(9))).toEqual(running())
    expect(cache.update('b', running(1))).toBe(true)
  })

  it('C1: there is room again when a subscriber has left', () => {
    const all = world({ policies: [lru(1)] })
    all.cache.getOrCreate('a', running())
    const leave = all.cache.subscribe('a', nothing)
    expect(() => all.cache.getOrCreate('b', running())).toThrow(AutoRefreshError)
    leave()
    expect(all.cache.getOrCreate('b', running(1))).toEqual(running(1))
    expect(evicted(all)).toEqual(['a'])
  })

  it('C1: there is no room before the last subscriber has left', () => {
    const { cache } = world({ policies: [lru(1)] })
    cache.getOrCreate('a', running())
    const leave = cache.subscribe('a', nothing)
    cache.subscribe('a', nothing)
    leave()
    leave()
    expect(() => cache.getOrCreate('b', running())).toThrow(AutoRefreshError)
  })

  it('C1: there is room again when an item was deleted, though its subscriber is still there', () => {
    const { cache } = crowded()
    cache.delete('a')
    cache.getOrCreate('c', running())
    expect([...cache.ids()].sort()).toEqual(['b', 'c'])
    expect(() => cache.getOrCreate('a', running())).not.toThrow()
    expect([...cache.ids()].sort()).toEqual(['a', 'b'])
  })

  it('C1: there is room again when the sync call has settled', async () => {
    const { cache, clock, lastCall } = world({ policies: [lru(1)], answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(failure(() => cache.getOrCreate('b', running()))).toMatchObject({ code: 'CAPACITY' })
    lastCall().answer([])
    await clock.advance(0)
    cache.getOrCreate('b', running())
    expect([...cache.ids()]).toEqual(['b'])
  })

  it('C1: there is room again when the sync call has timed out', async () => {
    const { cache, clock } = world({ policies: [lru(1)], timeout: 100, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(99)
    expect(failure(() => cache.getOrCreate('b', running()))).toMatchObject({ code: 'CAPACITY' })
    await clock.advance(1)
    cache.getOrCreate('b', running())
    expect([...cache.ids()]).toEqual(['b'])
  })
})

describe('an eviction', () => {
  it('C1, D21: as evicted and not as deleted, and a deletion as deleted and not as evicted', () => {
    const { cache, events } = world({ policies: [lru(1)] })
    cache.getOrCreate('a', running())
    cache.getOrCreate('b', running())
    cache.delete('b')
    const types = events.flatMap((event) => ('id' in event ? [`${event.type} ${event.id}`] : []))
    expect(types.filter((type) => !type.startsWith('created')).sort()).toEqual(['deleted b', 'evicted a'])
  })

  it('C1, S8: an item that is evicted rejects its pending refreshes', async () => {
    const { cache, clock } = world({ policies: [lru(2)], concurrency: 1, answer: () => 'wait' })
    cache.start().getOrCreate('running', running())
    await clock.advance(0)
    cache.getOrCreate('a', running())
    let outcome: unknown = 'pending'
    cache.refresh('a').catch((error: unknown) => (outcome = error))
    await clock.advance(0)
    cache.getOrCreate('b', running())
    await clock.advance(0)
    expect(cache.has('a')).toBe(false)
    expect(outcome).toMatchObject({ code: 'DELETED' })
  })

  it('C1, S6: an item that is evicted while it is due is in no call', async () => {
    const { cache, clock, batches } = world({ policies: [lru(2)] })
    cache.start()
    for (const id of ['a', 'b', 'c', 'd']) cache.getOrCreate(id, running())
    await clock.advance(5000)
    expect([...new Set(batches().flat())].sort()).toEqual(['c', 'd'])
  })
})

describe('whatever happens', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f']
  const step = fc.tuple(
    fc.constantFrom('create', 'create', 'finish', 'read', 'observe', 'leave', 'delete', 'answer', 'time'),
    fc.constantFrom(...ids),
  )

  it('C1: an evicted item is never observed, never in a call, and never while a terminal one could go', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (plan) => {
        const { cache, clock, calls, events } = world({
          policies: [lru(3)],
          isTerminal,
          concurrency: 2,
          batchSize: 1,
          answer: () => 'wait',
        })
        const leave = new Map<string, (() => void)[]>()
        cache.start()
        for (const [what, id] of plan) {
          if (what === 'create') {
            const here = [...cache.ids()]
            const refreshing = new Set(here.filter((each) => cache.getSnapshot(each).isRefreshing))
            const free = here.filter((each) => !leave.get(each)?.length && !refreshing.has(each))
            const cheap = free.filter((each) => cache.getSnapshot(each).status === 'terminal')
            const isNew = !cache.has(id)
            events.length = 0
            const result = failure(() => cache.getOrCreate(id, running()))
            const gone = events.flatMap((event) => (event.type === 'evicted' ? [event.id] : []))
            if (!isNew || here.length < 3) expect(gone).toEqual([])
            else if (free.length === 0) expect(result).toMatchObject({ code: 'CAPACITY' })
            else {
              expect(gone).toHaveLength(1)
              expect(cheap.length > 0 ? cheap : free).toContain(gone[0])
            }
            expect(cache.has(id)).toBe(!isNew || here.length < 3 || free.length > 0)
          }
          if (what === 'finish') cache.update(id, done())
          if (what === 'read') cache.get(id)
          if (what === 'observe') leave.set(id, [...(leave.get(id) ?? []), cache.subscribe(id, nothing)])
          if (what === 'leave') leave.get(id)?.pop()?.()
          if (what === 'delete') cache.delete(id)
          if (what === 'answer') calls.shift()?.answer([])
          await clock.advance(what === 'time' ? 1000 : 0)
          expect(cache.size).toBeLessThanOrEqual(3)
          expect([...cache.ids()]).toHaveLength(cache.size)
        }
      }),
      { numRuns: 100 },
    )
  })
})

describe('a cache that is full of items in running calls', () => {
  it('C1: refusing costs a look at all of them once, until a call settles or is aborted', () => {
    let looks = 0
    let isRefreshing = true
    const items = Array.from({ length: 1000 }, (_, index) => ({
      id: `i${index}`,
      status: 'active' as const,
      isObserved: false,
      isOwned: true,
      createdTime: 0,
      get isRefreshing() {
        looks += 1
        return isRefreshing
      },
    }))
    const gone: string[] = []
    const host = {
      name: 'jobs',
      size: () => items.length - gone.length,
      now: () => 0,
      epoch: () => 0,
      evict: ({ id }: { readonly id: string }) => gone.push(id),
      expire: nothing,
      remove: nothing,
    }
    const hooks = lru(1000)(host)
    for (const item of items) hooks.changed?.(item)
    const refuse = (): void => expect(() => hooks.admit?.('new', true)).toThrow(/no room for "new"/)
    refuse()
    looks = 0
    for (let count = 0; count < 100; count++) refuse()
    expect(looks).toBeLessThanOrEqual(200)
    hooks.callSettled?.(0, false)
    looks = 0
    refuse()
    expect(looks).toBeGreaterThanOrEqual(1000)
    expect(looks).toBeLessThanOrEqual(2010)
    // A stop aborts all calls, and tells nobody.
    isRefreshing = false
    hooks.admit?.('new', true)
    expect(gone).toHaveLength(1)
  })

  it('C1: an item that comes in afterwards, and is in no call, can go', async () => {
    const { cache, clock } = world({ policies: [lru(2)], concurrency: 1, answer: () => 'wait' })
    cache.start()
    for (const id of ['a', 'b']) cache.getOrCreate(id, running())
    await clock.advance(0)
    const leave = cache.subscribe('c', nothing, { create: true })
    cache.getOrCreate('c', running())
    expect(failure(() => cache.getOrCreate('d', running()))).toBeInstanceOf(AutoRefreshError)
    leave()
    cache.subscribe('d', nothing, { create: true })
    expect([...cache.ids()]).toEqual(['a', 'b', 'd'])
  })

  it('C1: nothing goes for an item of the application that finds no room even so', async () => {
    const { cache, clock, lastCall } = world({ policies: [lru(2)], concurrency: 1, answer: () => 'wait' })
    cache.start()
    for (const id of ['a', 'b']) cache.getOrCreate(id, running())
    await clock.advance(0)
    cache.subscribe('c', nothing, { create: true })()
    expect(failure(() => cache.getOrCreate('d', running()))).toMatchObject({ code: 'CAPACITY' })
    expect([...cache.ids()]).toEqual(['a', 'b', 'c'])
    lastCall().answer([])
    await clock.advance(0)
    cache.getOrCreate('d', running())
    expect([...cache.ids()]).toEqual(['b', 'd'])
  })

  it('C1: there is room again when a call settles', async () => {
    const { cache, clock, lastCall } = world({ policies: [lru(2)], answer: () => 'wait' })
    cache.start()
    for (const id of ['a', 'b']) cache.getOrCreate(id, running())
    await clock.advance(0)
    expect(failure(() => cache.getOrCreate('c', running()))).toBeInstanceOf(AutoRefreshError)
    lastCall().answer([])
    await clock.advance(0)
    expect(cache.getOrCreate('c', running())).toEqual(running())
    expect([...cache.ids()]).toEqual(['b', 'c'])
  })
})
