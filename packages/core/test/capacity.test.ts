import { AutoRefreshError, until, type AutoRefresh, type AutoRefreshOptions } from '@auto-refresh/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isTerminal, done, running, stepped, unchanged, world, type Job, type World } from './world.ts'

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
  const all = world({ capacity: 3, isTerminal, ...options })
  for (const id of ['oldest', 'old', 'mid', 'new']) all.cache.getOrCreate(id, running())
  return all
}

describe('the least recently used', () => {
  it('C1: there are never more items than the capacity', () => {
    const { cache } = world({ capacity: 3 })
    for (let index = 0; index < 50; index++) {
      cache.getOrCreate(`i${index}`, running(index))
      expect(cache.size).toBe(Math.min(index + 1, 3))
      expect(cache.get(`i${index}`)).toEqual(running(index))
    }
  })

  it('C1: up to the capacity nothing goes', () => {
    const all = world({ capacity: 3 })
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
    const { cache } = world({ capacity: 1 })
    for (const id of ['a', 'b', 'c']) {
      cache.getOrCreate(id, running())
      expect([...cache.ids()]).toEqual([id])
    }
  })

  it('C1: the capacity Infinity, and none, hold everything', () => {
    for (const options of [{}, { capacity: Infinity }]) {
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

  it('C1: getOrCreate of a present item evicts nobody', () => {
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

const uses: Record<string, (cache: AutoRefresh<Job>) => unknown> = {
  get: (cache) => cache.get('old'),
  getOrThrow: (cache) => cache.getOrThrow('old'),
  getOrCreate: (cache) => cache.getOrCreate('old', running()),
  'subscribe, though it left again,': (cache) => cache.subscribe('old', nothing)(),
}

const noUses: Record<string, (cache: AutoRefresh<Job>) => unknown> = {
  update: (cache) => cache.update('old', running(1)),
  ingest: (cache) => cache.ingest([{ id: 'old', item: running(1) }]),
  has: (cache) => cache.has('old'),
  ids: (cache) => [...cache.ids()],
  inProcessing: (cache) => cache.inProcessing('old'),
  getSnapshot: (cache) => cache.getSnapshot('old'),
  deleteDelayed: (cache) => cache.deleteDelayed('old'),
  stats: (cache) => cache.stats(),
}

describe('what counts as use', () => {
  it.each(Object.entries(uses))('C1, W9, D12: %s is a use', (_, use) => {
    const all = full()
    use(all.cache)
    all.cache.getOrCreate('next', running())
    expect(all.cache.has('old')).toBe(true)
    expect(evicted(all)).toEqual(['oldest', 'mid'])
  })

  it.each(Object.entries(noUses))('C1, W9: %s is no use', (_, noUse) => {
    const all = full()
    noUse(all.cache)
    all.cache.getOrCreate('next', running())
    expect(evicted(all)).toEqual(['oldest', 'old'])
  })

  it('C1, W9, D12: a sync in the background is no use', async () => {
    const syncs: string[] = []
    const all = full({
      interval: (_, id) => (id === 'old' ? 1000 : Infinity),
      sync: (batch) => {
        syncs.push(...batch.map((entry) => entry.id))
        return stepped(batch)
      },
    })
    all.cache.start()
    await all.clock.advance(5500)
    expect(syncs.filter((id) => id === 'old')).toHaveLength(6)
    all.cache.getOrCreate('next', running())
    expect(evicted(all)).toEqual(['oldest', 'old'])
  })

  it('C1, W9: a refresh that was asked for is no use', async () => {
    const all = full({ interval: Infinity })
    all.cache.start()
    await all.clock.advance(0)
    await Promise.all([all.cache.refresh('old'), all.clock.advance(0)])
    all.cache.getOrCreate('next', running())
    expect(evicted(all)).toEqual(['oldest', 'old'])
  })

  it('C1, D12: an item that is read between any two creations stays', () => {
    const { cache } = world({ capacity: 3 })
    cache.getOrCreate('hot', running())
    for (let index = 0; index < 100; index++) {
      cache.getOrCreate(`i${index}`, running())
      cache.get('hot')
    }
    expect(cache.has('hot')).toBe(true)
  })
})

describe('who goes first', () => {
  it('C1, D13: a terminal item goes before one that is not, though it was used last', () => {
    const all = full()
    all.cache.update('new', done())
    all.cache.get('new')
    all.cache.getOrCreate('next', running())
    expect(evicted(all)).toEqual(['oldest', 'new'])
  })

  it('C1, D13: an item that was terminal when it was created goes first, too', () => {
    const all = world({ capacity: 3, isTerminal })
    all.cache.getOrCreate('a', running())
    all.cache.getOrCreate('b', running())
    all.cache.getOrCreate('c', done())
    all.cache.getOrCreate('d', running())
    expect(evicted(all)).toEqual(['c'])
  })

  it('C1: an item that a sync made terminal goes first, too', async () => {
    const all = full({
      sync: (batch) => batch.map(({ id }) => ({ id, item: id === 'mid' ? done() : running() })),
    })
    all.cache.start()
    await all.clock.advance(0)
    all.cache.get('mid')
    all.cache.getOrCreate('next', running())
    expect(evicted(all)).toEqual(['oldest', 'mid'])
  })

  it('C1: an expired item goes before one that is not', async () => {
    const all = world({ capacity: 2, maxAge: 500 })
    all.cache.start().getOrCreate('expires', running())
    await all.clock.advance(499)
    all.cache.getOrCreate('young', running())
    await all.clock.advance(1)
    all.cache.get('expires')
    all.cache.getOrCreate('next', running())
    expect(evicted(all)).toEqual(['expires'])
  })

  it('C1: every terminal item goes before the first that is not', () => {
    const all = world({ capacity: 6, isTerminal })
    for (const id of ['a', 'b', 'c']) all.cache.getOrCreate(id, running())
    for (const id of ['x', 'y', 'z']) all.cache.getOrCreate(id, done())
    for (let index = 0; index < 3; index++) all.cache.getOrCreate(`i${index}`, running())
    expect(evicted(all).sort()).toEqual(['x', 'y', 'z'])
    all.cache.getOrCreate('i3', running())
    expect(evicted(all)).toHaveLength(4)
    expect(evicted(all)[3]).toMatch(/^[abc]$/)
  })

  it('C1: an item that came back from terminal is as good as the others', () => {
    const all = full()
    all.cache.update('new', done())
    all.cache.update('new', running())
    all.cache.getOrCreate('next', running())
    expect(evicted(all)).toEqual(['oldest', 'old'])
  })

  it('C1: a terminal item that is observed does not go before one that is unobserved', () => {
    const all = full()
    all.cache.update('new', done())
    all.cache.subscribe('new', nothing)
    all.cache.getOrCreate('next', running())
    expect(evicted(all)).toEqual(['oldest', 'old'])
  })

  it('C1: a terminal item that nobody observes any more goes first again', () => {
    const all = full()
    all.cache.update('new', done())
    const leave = all.cache.subscribe('new', nothing)
    leave()
    all.cache.getOrCreate('next', running())
    expect(evicted(all)).toEqual(['oldest', 'new'])
  })
})

describe('who never goes', () => {
  it('C1, D12: an item that is observed', () => {
    const all = full()
    all.cache.subscribe('old', nothing)
    for (let index = 0; index < 20; index++) all.cache.getOrCreate(`i${index}`, running())
    expect(all.cache.has('old')).toBe(true)
    expect(evicted(all)).not.toContain('old')
    expect(all.cache.size).toBe(3)
  })

  it('C1: an item that is observed by `until`', async () => {
    const all = full()
    const result = until(all.cache, 'old')
    for (let index = 0; index < 20; index++) all.cache.getOrCreate(`i${index}`, running())
    all.cache.update('old', done())
    await expect(result).resolves.toEqual(done())
  })

  it('C1: an item whose subscriber was there before it', () => {
    const all = world({ capacity: 2 })
    all.cache.subscribe('a', nothing)
    for (const id of ['a', 'b', 'c', 'd', 'e']) all.cache.getOrCreate(id, running())
    expect([...all.cache.ids()].sort()).toEqual(['a', 'e'])
  })

  it('C1: an item that was deleted, and created again while it is observed', () => {
    const all = world({ capacity: 2 })
    all.cache.getOrCreate('a', running())
    all.cache.subscribe('a', nothing)
    all.cache.delete('a')
    for (const id of ['a', 'b', 'c', 'd']) all.cache.getOrCreate(id, running())
    expect([...all.cache.ids()].sort()).toEqual(['a', 'd'])
  })

  it('C1: an item in a running sync call', async () => {
    const all = world({ capacity: 2, batchSize: 1, answer: (batch) => (batch[0]?.id === 'a' ? 'wait' : []) })
    all.cache.start().getOrCreate('a', running())
    await all.clock.advance(0)
    for (const id of ['b', 'c', 'd']) {
      all.cache.getOrCreate(id, running())
      await all.clock.advance(0)
    }
    expect([...all.cache.ids()].sort()).toEqual(['a', 'd'])
    all.calls[0]?.answer([])
    await all.clock.advance(0)
    all.cache.getOrCreate('e', running())
    await all.clock.advance(0)
    all.cache.getOrCreate('f', running())
    expect(all.cache.has('a')).toBe(false)
  })

  it('C1: an item that became terminal while it is in a running sync call', async () => {
    const all = world({ capacity: 2, isTerminal, answer: (batch) => (batch[0]?.id === 'a' ? 'wait' : []) })
    all.cache.start().getOrCreate('a', running())
    await all.clock.advance(0)
    all.cache.update('a', done())
    all.cache.getOrCreate('b', running())
    await all.clock.advance(0)
    all.cache.getOrCreate('c', running())
    expect([...all.cache.ids()].sort()).toEqual(['a', 'c'])
  })
})

describe('if nothing can go', () => {
  const crowded = (): World<Job> => {
    const all = world({ capacity: 2 })
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
    const all = world({ capacity: 1 })
    all.cache.getOrCreate('a', running())
    const leave = all.cache.subscribe('a', nothing)
    expect(() => all.cache.getOrCreate('b', running())).toThrow(AutoRefreshError)
    leave()
    expect(all.cache.getOrCreate('b', running(1))).toEqual(running(1))
    expect(evicted(all)).toEqual(['a'])
  })

  it('C1: there is no room before the last subscriber has left', () => {
    const { cache } = world({ capacity: 1 })
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
    const { cache, clock, lastCall } = world({ capacity: 1, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(failure(() => cache.getOrCreate('b', running()))).toMatchObject({ code: 'CAPACITY' })
    lastCall().answer([])
    await clock.advance(0)
    cache.getOrCreate('b', running())
    expect([...cache.ids()]).toEqual(['b'])
  })

  it('C1: there is room again when the sync call has timed out', async () => {
    const { cache, clock } = world({ capacity: 1, timeout: 100, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(99)
    expect(failure(() => cache.getOrCreate('b', running()))).toMatchObject({ code: 'CAPACITY' })
    await clock.advance(1)
    cache.getOrCreate('b', running())
    expect([...cache.ids()]).toEqual(['b'])
  })
})

describe('an eviction is reported and counted', () => {
  it('C1: as an event with the id and the item', () => {
    const { cache, events } = world({ capacity: 1 })
    const item = running(4)
    cache.getOrCreate('a', item)
    cache.getOrCreate('b', running())
    expect(events.filter((event) => event.type === 'evicted')).toEqual([{ type: 'evicted', id: 'a', item }])
  })

  it('C1, D21: in the stats, where deletions do not count', async () => {
    const { cache, clock } = world({ capacity: 2, isTerminal, terminalTtl: 10 })
    for (const id of ['a', 'b', 'c', 'd']) cache.getOrCreate(id, running())
    expect(cache.stats().evictions).toBe(2)
    cache.delete('c')
    cache.update('d', done())
    cache.start()
    await clock.advance(10)
    expect(cache.size).toBe(0)
    expect(cache.stats().evictions).toBe(2)
  })

  it('C1, D21: as evicted and not as deleted, and a deletion as deleted and not as evicted', () => {
    const { cache, events } = world({ capacity: 1 })
    cache.getOrCreate('a', running())
    cache.getOrCreate('b', running())
    cache.delete('b')
    const types = events.flatMap((event) => ('id' in event ? [`${event.type} ${event.id}`] : []))
    expect(types.filter((type) => !type.startsWith('created')).sort()).toEqual(['deleted b', 'evicted a'])
  })

  it('C1, S8: an item that is evicted is gone for who waits for its refresh', async () => {
    const { cache, clock } = world({ capacity: 2, parallelism: 1, answer: () => 'wait' })
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
    const { cache, clock, batches } = world({ capacity: 2 })
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

  it('C1: who goes is never observed, never in a call, and never while a terminal one could go', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (plan) => {
        const { cache, clock, calls, events } = world({
          capacity: 3,
          isTerminal,
          parallelism: 2,
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

describe('inProcessing', () => {
  it('C2: false of an absent id', () => {
    expect(world().cache.start().inProcessing('a')).toBe(false)
  })

  it('C2: true of a new item that waits for its call, at once', () => {
    const { cache } = world()
    cache.start().getOrCreate('a', running())
    expect(cache.inProcessing('a')).toBe(true)
  })

  it('C2, D1: true as long as the call runs, and not longer', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    for (let waited = 0; waited < 5000; waited += 500) {
      await clock.advance(500)
      expect(cache.inProcessing('a')).toBe(true)
    }
    lastCall().answer([])
    await clock.advance(0)
    expect(cache.inProcessing('a')).toBe(false)
  })

  it('C2, D1: true within the sync function, in all of it', async () => {
    const seen: boolean[] = []
    const { cache, clock } = world({
      answer: async (batch) => {
        seen.push(cache.inProcessing('a'))
        await Promise.resolve()
        seen.push(cache.inProcessing('a'))
        return unchanged(batch)
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(seen).toEqual([true, true])
  })

  it('C2, D1: where it is true because of a call, no second call of the item starts', async () => {
    const { cache, clock, calls } = world({ interval: 10, timeout: Infinity, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    expect(cache.inProcessing('a')).toBe(true)
    expect(calls).toHaveLength(1)
  })

  it('C2: false while the item waits for its due time, true when that comes', async () => {
    const { cache, clock, calls } = world({
      answer: (batch, call) => (call.at < 1000 ? unchanged(batch) : 'wait'),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(cache.inProcessing('a')).toBe(false)
    await clock.advance(999)
    expect(cache.inProcessing('a')).toBe(false)
    await clock.advance(1)
    expect(cache.inProcessing('a')).toBe(true)
    expect(calls).toHaveLength(2)
  })

  it('C2: true of an item that is due and waits for a slot', async () => {
    const { cache, clock, calls } = world({ parallelism: 1, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.getOrCreate('b', running())
    await clock.advance(100)
    expect(calls).toHaveLength(1)
    expect(cache.inProcessing('b')).toBe(true)
    calls[0]?.answer([])
    await clock.advance(0)
    expect([cache.inProcessing('a'), cache.inProcessing('b')]).toEqual([false, true])
    calls[1]?.answer([])
    await clock.advance(0)
    expect(cache.inProcessing('b')).toBe(false)
  })

  it('C2: true of an item that is due and waits for a token of the rate limit', async () => {
    const { cache, clock, calls } = world({ batchSize: 1, rateLimit: { calls: 1, per: 500 } })
    cache.start()
    cache.getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(499)
    expect(calls).toHaveLength(1)
    const [first = ''] = calls[0]?.ids ?? []
    expect(cache.inProcessing(first)).toBe(false)
    expect(cache.inProcessing(first === 'a' ? 'b' : 'a')).toBe(true)
    await clock.advance(1)
    expect(calls).toHaveLength(2)
    expect([cache.inProcessing('a'), cache.inProcessing('b')]).toEqual([false, false])
  })

  it('C2: true of an item that came early along in a call', async () => {
    const { cache, clock, lastCall } = world({
      answer: (batch, call) => (call.at < 1000 ? unchanged(batch) : 'wait'),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(300)
    cache.getOrCreate('b', running())
    await clock.advance(700)
    expect(lastCall().ids).toEqual(['a', 'b'])
    expect(cache.inProcessing('b')).toBe(true)
  })

  it('C2: true of an item that is due while the page is hidden, and waits until it is shown', async () => {
    const { cache, clock, calls, environment } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    environment.setVisible(false)
    await clock.advance(499)
    expect(cache.inProcessing('a')).toBe(false)
    await clock.advance(501)
    expect(calls).toHaveLength(1)
    expect(cache.inProcessing('a')).toBe(true)
  })

  it('C2: true of a new item that waits in its batchWindow', async () => {
    const { cache, clock, calls } = world({ batchWindow: 100 })
    cache.start().getOrCreate('a', running())
    await clock.advance(50)
    expect(calls).toEqual([])
    expect(cache.inProcessing('a')).toBe(true)
  })

  it('C2: true after refresh asked for the item', async () => {
    const { cache, clock } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const refreshed = cache.refresh('a')
    expect(cache.inProcessing('a')).toBe(true)
    await refreshed
    expect(cache.inProcessing('a')).toBe(false)
  })

  it('C2: false of an item that waits after a failure', async () => {
    const { cache, clock } = world({
      answer: (batch) => batch.map(({ id }) => ({ id, action: 'fail', error: 1 })),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    expect(cache.getSnapshot('a').failureCount).toBe(1)
    expect(cache.inProcessing('a')).toBe(false)
  })

  it('C2: false after a timeout, though the sync function still runs', async () => {
    const { cache, clock } = world({ timeout: 100, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(99)
    expect(cache.inProcessing('a')).toBe(true)
    await clock.advance(1)
    expect(cache.inProcessing('a')).toBe(false)
  })

  it('C2: false of items that are never due', async () => {
    const { cache, clock } = world({ isTerminal, maxAge: 100, refreshUnobserved: false })
    cache.start()
    cache.getOrCreate('terminal', done())
    cache.getOrCreate('unobserved', running())
    expect(cache.inProcessing('terminal')).toBe(false)
    expect(cache.inProcessing('unobserved')).toBe(false)
    cache.getOrCreate('expires', running())
    await clock.advance(100)
    expect(cache.inProcessing('expires')).toBe(false)
  })

  it('C2: false as soon as the item is terminal, though it was due', () => {
    const { cache } = world({ isTerminal })
    cache.start().getOrCreate('a', running())
    cache.update('a', done())
    expect(cache.inProcessing('a')).toBe(false)
  })

  it('C2: false without syncOnCreate until the first interval has passed', async () => {
    const { cache, clock } = world({ syncOnCreate: false, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(999)
    expect(cache.inProcessing('a')).toBe(false)
    await clock.advance(1)
    expect(cache.inProcessing('a')).toBe(true)
  })

  it('C2: false of an item that was deleted in its call; true of its successor, which waits for that call', async () => {
    const { cache, clock, calls } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.delete('a')
    expect(cache.inProcessing('a')).toBe(false)
    cache.getOrCreate('a', running(1))
    await clock.advance(0)
    expect(calls).toHaveLength(1)
    expect(cache.inProcessing('a')).toBe(true)
  })

  it('C2: false while the cache is not running: before start, in stop, and after it', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    cache.getOrCreate('a', running())
    await clock.advance(5000)
    expect(cache.inProcessing('a')).toBe(false)
    cache.start()
    expect(cache.inProcessing('a')).toBe(true)
    await clock.advance(0)
    const stopped = cache.stop()
    expect(cache.inProcessing('a')).toBe(false)
    lastCall().answer([])
    await stopped
    await clock.advance(5000)
    expect(cache.inProcessing('a')).toBe(false)
    cache.start()
    expect(cache.inProcessing('a')).toBe(true)
  })

  it('C2: false in sync-settled, true in sync-started', async () => {
    const seen: [string, boolean][] = []
    const { cache, clock } = world()
    cache.onEvent((event) => {
      if (event.type === 'sync-started' || event.type === 'sync-settled') {
        seen.push([event.type, cache.inProcessing('a')])
      }
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(seen).toEqual([
      ['sync-started', true],
      ['sync-settled', false],
    ])
  })
})
