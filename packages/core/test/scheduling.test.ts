import { expiry, type AutoRefreshOptions } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createAll, log, manyIds, outcomeOf, sizes, times } from './scheduling.ts'
import { done, running, unchanged, world, type Job } from './world.ts'

describe('a new item', () => {
  it('S1: a new item is due at once', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a'])
  })

  it('S1: a new item is due at once, also later in the life of the cache', async () => {
    const { cache, clock, calls } = world()
    cache.start()
    await clock.advance(12_345)
    cache.getOrCreate('a', running())
    await clock.advance(0)
    expect(log(calls)).toEqual(['12345 a'])
  })

  it('S1: a new terminal item is not due', async () => {
    const { cache, clock, calls } = world({ isTerminal: (job) => job.done })
    cache.start().getOrCreate('a', done())
    await clock.advance(10_000)
    expect(calls).toEqual([])
  })

  it('S1: items that are created before the next microtask runs share a batch', async () => {
    const { cache, clock, calls } = world()
    cache.start()
    createAll(cache, ['a', 'b', 'c'])
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a b c'])
  })

  it('S1: no sync call is made in the turn of the creation', () => {
    const { cache, calls } = world()
    cache.start()
    createAll(cache, manyIds(300))
    expect(calls).toEqual([])
  })

  it('S1: items that are created together share as few batches as batchSize allows', async () => {
    const { cache, clock, calls } = world({ batchSize: 2 })
    cache.start()
    createAll(cache, manyIds(5))
    await clock.advance(0)
    expect(times(calls)).toEqual([0, 0, 0])
    expect(sizes(calls).sort()).toEqual([1, 2, 2])
    expect(calls.flatMap((call) => call.ids).sort()).toEqual(manyIds(5))
  })

  it('S1: 250 new items cost 3 calls of the default batchSize', async () => {
    const { cache, clock, calls } = world()
    cache.start()
    createAll(cache, manyIds(250))
    await clock.advance(0)
    expect(sizes(calls).sort()).toEqual([100, 100, 50])
  })

  it('S1: items of the turn of `start` share a batch, whether they came before or after it', async () => {
    const { cache, clock, calls } = world()
    cache.getOrCreate('a', running())
    cache.start()
    cache.getOrCreate('b', running())
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a b'])
  })

  it('S1: an item that is deleted and created again is new', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(300)
    cache.delete('a')
    cache.getOrCreate('a', running())
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a', '300 a'])
  })

  it('S1: getOrCreate of a present item makes nothing due', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(300)
    cache.getOrCreate('a', running(7))
    await clock.advance(699)
    expect(log(calls)).toEqual(['0 a'])
  })

  it('S1: an item that the sync function creates is due at once', async () => {
    const { cache, clock, calls } = world({
      answer: (batch) => {
        cache.getOrCreate('child', running())
        return unchanged(batch)
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a', '0 child'])
  })
})

describe('batchWindow', () => {
  it('S1: new items wait batchWindow for others', async () => {
    const { cache, clock, calls } = world({ batchWindow: 50 })
    cache.start().getOrCreate('a', running())
    await clock.advance(30)
    cache.getOrCreate('b', running())
    await clock.advance(19)
    expect(calls).toEqual([])
    await clock.advance(1)
    expect(log(calls)).toEqual(['50 a b'])
  })

  it('S1: the window is counted from the first item: others do not prolong it', async () => {
    const { cache, clock, calls } = world({ batchWindow: 50 })
    cache.start()
    for (const id of ['a', 'b', 'c', 'd']) {
      cache.getOrCreate(id, running())
      await clock.advance(15)
    }
    expect(log(calls)).toEqual(['50 a b c d'])
  })

  it('S1: an item that comes after the window has a window of its own', async () => {
    const { cache, clock, calls } = world({ batchWindow: 50 })
    cache.start().getOrCreate('a', running())
    await clock.advance(60)
    cache.getOrCreate('b', running())
    await clock.advance(49)
    expect(log(calls)).toEqual(['50 a'])
    await clock.advance(1)
    expect(log(calls)).toEqual(['50 a', '110 b'])
  })

  it('S1: a full batch does not wait', async () => {
    const { cache, clock, calls } = world({ batchWindow: 50, batchSize: 2 })
    cache.start().getOrCreate('a', running())
    await clock.advance(10)
    cache.getOrCreate('b', running())
    await clock.advance(0)
    expect(log(calls)).toEqual(['10 a b'])
    await clock.advance(100)
    expect(log(calls)).toEqual(['10 a b'])
  })

  it('S1: the items that a full batch leaves over come at the end of the window', async () => {
    const { cache, clock, calls } = world({ batchWindow: 50, batchSize: 2 })
    cache.start()
    createAll(cache, ['a', 'b', 'c'])
    await clock.advance(0)
    expect(sizes(calls)[0]).toBe(2)
    await clock.advance(50)
    expect(calls.flatMap((call) => call.ids).sort()).toEqual(['a', 'b', 'c'])
  })

  it('S1: an item deleted within its window costs no call', async () => {
    const { cache, clock, calls } = world({ batchWindow: 50 })
    cache.start().getOrCreate('a', running())
    await clock.advance(20)
    cache.delete('a')
    await clock.advance(1000)
    expect(calls).toEqual([])
  })

  it('S1, S8: refresh does not wait for the window', async () => {
    const { cache, clock, calls } = world({ batchWindow: 500 })
    cache.start().getOrCreate('a', running())
    const refresh = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a'])
    expect(refresh.state).toBe('resolved')
    await clock.advance(999)
    expect(log(calls)).toEqual(['0 a'])
  })

  it('S1: a full batch hastens only new items', async () => {
    const w = world({ interval: 1000, batchWindow: 1000, batchSize: 2 })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(1000)
    w.cache.getOrCreate('b', running())
    await w.clock.advance(0)
    expect(w.batches()).toEqual([['a']])
  })
})

describe('without syncOnCreate', () => {
  it('S1: an item is first due one interval after its creation', async () => {
    const { cache, clock, calls } = world({ syncOnCreate: false })
    cache.start()
    await clock.advance(300)
    cache.getOrCreate('a', running())
    await clock.advance(999)
    expect(calls).toEqual([])
    await clock.advance(1)
    expect(log(calls)).toEqual(['1300 a'])
  })

  it('S1, L1: the interval of an item created before `start` is counted from its creation', async () => {
    const { cache, clock, calls } = world({ syncOnCreate: false })
    cache.getOrCreate('a', running())
    await clock.advance(400)
    cache.start()
    await clock.advance(2000)
    expect(log(calls)).toEqual(['1000 a', '2000 a'])
  })

  it('S1: an item created with an interval function waits what the function says', async () => {
    const { cache, clock, calls } = world({
      syncOnCreate: false,
      interval: (_, id) => (id === 'a' ? 300 : 2000),
    })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(300)
    expect(log(calls)).toEqual(['300 a'])
    await clock.advance(1700)
    expect(times(calls.filter((call) => call.ids.includes('b')))).toEqual([2000])
  })
})

describe('items that are left out of a batch', () => {
  /** One slot, taken by `first`; what is created next waits. */
  async function behindARunningCall(options: Partial<AutoRefreshOptions<Job>> = {}) {
    const all = world({
      concurrency: 1,
      timeout: Infinity,
      isTerminal: (job) => job.done,
      answer: (batch, call) => (call.ids.includes('first') ? 'wait' : unchanged(batch)),
      ...options,
    })
    all.cache.start().getOrCreate('first', running())
    await all.clock.advance(0)
    const [first] = all.calls
    return { ...all, release: () => first?.answer([{ id: 'first', item: done() }]) }
  }

  it('S6: an item deleted while it waits is left out', async () => {
    const { cache, clock, calls, release } = await behindARunningCall()
    createAll(cache, ['a', 'b'])
    await clock.advance(10)
    cache.delete('a')
    release()
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 first', '10 b'])
  })

  it('S6: an item that a local update made terminal while it waits is left out', async () => {
    const { cache, clock, calls, release } = await behindARunningCall()
    createAll(cache, ['a', 'b'])
    await clock.advance(10)
    cache.update('a', done())
    release()
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 first', '10 b'])
  })

  it('S6: an item marked for deletion while it waits is left out, and removed', async () => {
    const { cache, clock, calls, release } = await behindARunningCall()
    createAll(cache, ['a', 'b'])
    await clock.advance(10)
    cache.deleteDelayed('a')
    release()
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 first', '10 b'])
    expect(cache.has('a')).toBe(false)
  })

  it('S6: an item that expired while it waits is left out', async () => {
    const { cache, clock, calls, release } = await behindARunningCall({ policies: [expiry({ maxAge: 500 })] })
    cache.getOrCreate('a', running())
    await clock.advance(400)
    cache.getOrCreate('b', running())
    await clock.advance(200)
    release()
    await clock.advance(0)
    expect(cache.getSnapshot('a').status).toBe('expired')
    expect(log(calls)).toEqual(['0 first', '600 b'])
  })

  it('S6: a batch that is empty makes no call, and no event of one', async () => {
    const { cache, clock, calls, events, release } = await behindARunningCall()
    createAll(cache, ['a', 'b'])
    await clock.advance(10)
    cache.delete('a')
    cache.update('b', done())
    release()
    await clock.advance(5000)
    expect(log(calls)).toEqual(['0 first'])
    expect(events.filter((event) => event.type === 'sync-started')).toHaveLength(1)
    expect(cache.stats().syncCalls).toBe(1)
  })

  it('S6: the call sends the item as it is when the call starts', async () => {
    const { cache, clock, lastCall, release } = await behindARunningCall()
    cache.getOrCreate('a', running(1))
    await clock.advance(10)
    cache.update('a', running(2))
    release()
    await clock.advance(0)
    expect(lastCall().batch).toMatchObject([{ id: 'a', item: running(2) }])
  })

  it('S6: a new item that is updated in its turn is sent as updated', async () => {
    const { cache, clock, lastCall } = world()
    cache.start().getOrCreate('a', running(1))
    cache.update('a', running(2))
    await clock.advance(0)
    expect(lastCall().batch).toMatchObject([{ id: 'a', item: running(2) }])
  })

  it('S6: a new item that is deleted in its turn costs no call', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    cache.delete('a')
    await clock.advance(5000)
    expect(calls).toEqual([])
    expect(clock.timers).toBe(0)
  })

  it('S6: an item that is created, deleted and created again in one turn is sent once, as it is', async () => {
    const { cache, clock, calls, lastCall } = world()
    cache.start().getOrCreate('a', running(1))
    cache.delete('a')
    cache.getOrCreate('a', running(2))
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a'])
    expect(lastCall().batch).toMatchObject([{ id: 'a', item: running(2) }])
  })

  it('S6: a new item that becomes terminal in its turn costs no call', async () => {
    const { cache, clock, calls } = world({ isTerminal: (job) => job.done })
    cache.start().getOrCreate('a', running())
    cache.update('a', done())
    await clock.advance(5000)
    expect(calls).toEqual([])
  })

  it('S6: only the item deleted just before is left out of a due batch', async () => {
    const { cache, clock, calls } = world()
    cache.start()
    createAll(cache, ['a', 'b', 'c'])
    await clock.advance(999)
    cache.delete('b')
    await clock.advance(1)
    expect(log(calls)).toEqual(['0 a b c', '1000 a c'])
  })

  it('S4: an item that waits keeps its place, however often it is asked for', async () => {
    const w = world({ batchSize: 1, concurrency: 1, timeout: Infinity, answer: () => 'wait' })
    w.cache.start()
    for (const id of ['a', 'b', 'c', 'd', 'e']) w.cache.getOrCreate(id, running())
    await w.clock.advance(0)
    for (let round = 0; round < 10; round++) {
      await w.clock.advance(500)
      void w.cache.refresh('e')
      w.lastCall().answer([])
    }
    expect(w.batches().flat()).toContain('e')
  })
})
