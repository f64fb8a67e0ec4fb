import { expiry, rateLimit } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createUnobserved, log } from './scheduling.ts'
import { expectToGoIn, marked } from './marked-item.ts'
import { isTerminal, done, running, unchanged, world, type Job, type World, endOfTurn } from './world.ts'

describe('a marked item without a due time', () => {
  it('W17: a terminal one goes one interval from now', async () => {
    const all = world({ isTerminal })
    all.cache.start().getOrCreate('a', done())
    await all.clock.advance(5300)
    expect(all.cache.deleteDelayed('a')).toBe(true)
    await expectToGoIn(1000, all)
    expect(all.calls).toEqual([])
    expect(all.events.at(-1)).toMatchObject({ type: 'deleted', reason: 'delayed' })
  })

  it('W17: an expired one goes one interval from now', async () => {
    const all = world({ policies: [expiry({ maxAge: 500 })] })
    all.cache.start().getOrCreate('a', running())
    await all.clock.advance(700)
    all.cache.deleteDelayed('a')
    await expectToGoIn(1000, all)
  })

  it('W17: an item of a subscription that nobody observes goes one interval from now', async () => {
    const all = world()
    all.cache.start()
    createUnobserved(all, 'a')
    await all.clock.advance(700)
    all.cache.deleteDelayed('a')
    await expectToGoIn(1000, all)
    expect(all.calls).toEqual([])
  })

  it('W17: the interval function decides how long that is', async () => {
    const all = world({ isTerminal, interval: (_, id) => (id === 'a' ? 300 : 1) })
    all.cache.start().getOrCreate('a', done())
    all.cache.deleteDelayed('a')
    await expectToGoIn(300, all)
  })

  it('W17: if the interval is Infinity, it goes at the end of the turn', async () => {
    const { cache, clock, calls } = world({ interval: Infinity })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    cache.deleteDelayed('a')
    expect(cache.get('a')).toEqual(running())
    expect(cache.getSnapshot('a').isDeleting).toBe(true)
    await endOfTurn()
    expect(cache.has('a')).toBe(false)
    expect(log(calls)).toEqual(['0 a'])
    expect(clock.timers).toBe(0)
  })

  it('W17: a terminal item goes at the end of the turn', async () => {
    const { cache } = world({ isTerminal, interval: Infinity })
    cache.start().getOrCreate('a', done())
    cache.deleteDelayed('a')
    expect(cache.has('a')).toBe(true)
    await endOfTurn()
    expect(cache.has('a')).toBe(false)
  })
})

describe('a marked item in a running sync call', () => {
  async function inCall(options: Parameters<typeof world<Job>>[0] = {}): Promise<World<Job>> {
    const all = world({ isTerminal, answer: () => 'wait', ...options })
    all.cache.start().getOrCreate('a', running(1))
    await all.clock.advance(400)
    expect(all.cache.deleteDelayed('a')).toBe(true)
    await all.clock.advance(400)
    expect(all.cache.get('a')).toEqual(running(1))
    return all
  }

  it('W17: it goes when the call settles', async () => {
    const { cache, clock, lastCall, calls } = await inCall()
    lastCall().answer([{ id: 'a', item: running(9) }])
    await clock.advance(0)
    expect(cache.has('a')).toBe(false)
    await clock.advance(5000)
    expect(calls).toHaveLength(1)
  })

  it('W17: the value of the call is not applied before that', async () => {
    const { clock, events, lastCall } = await inCall()
    const before = events.length
    lastCall().answer([{ id: 'a', item: running(9) }])
    await clock.advance(0)
    expect(events.slice(before)).toMatchObject([
      { type: 'deleted', item: running(1), reason: 'delayed' },
      { type: 'sync-settled' },
    ])
  })

  it('W17: it is not aborted for that', async () => {
    const { lastCall } = await inCall()
    expect(lastCall().signal.aborted).toBe(false)
  })

  it('W17: it goes when the call fails', async () => {
    const { cache, clock, lastCall } = await inCall()
    lastCall().fail(new Error('down'))
    await clock.advance(0)
    expect(cache.has('a')).toBe(false)
  })

  it('W17: it goes when its own entry is a failure, or is not there', async () => {
    for (const missing of ['unchanged', 'fail'] as const) {
      const { cache, clock, lastCall } = await inCall({ missing })
      lastCall().answer([])
      await clock.advance(0)
      expect(cache.has('a')).toBe(false)
    }
  })

  it('W17: it goes when the call times out', async () => {
    const { cache, clock } = await inCall({ timeout: 2000 })
    await clock.advance(1199)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('W17: it does not go at what would be its due time, while the call runs', async () => {
    const { cache, clock } = await inCall()
    await clock.advance(10_000)
    expect(cache.has('a')).toBe(true)
  })

  it('W17: a new mark or an ingest does not keep it', async () => {
    const { cache, clock, lastCall } = await inCall()
    cache.deleteDelayed('a')
    cache.ingest([{ id: 'a', item: running(3) }])
    lastCall().answer(unchanged(lastCall().batch))
    await clock.advance(0)
    expect(cache.has('a')).toBe(false)
  })

  it('W17: an update does not keep it, not even one to a terminal item', async () => {
    const { cache, clock, lastCall } = await inCall()
    cache.update('a', done())
    lastCall().answer([])
    await clock.advance(0)
    expect(cache.has('a')).toBe(false)
  })

  it('W17: the others of the call keep what it brought', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(0)
    cache.deleteDelayed('a')
    lastCall().answer([
      { id: 'a', item: running(1) },
      { id: 'b', item: running(1) },
    ])
    await clock.advance(0)
    expect([...cache.ids()]).toEqual(['b'])
    expect(cache.get('b')).toEqual(running(1))
  })

  it('W17: after a stop and a start it is removed, and not sent again', async () => {
    const { cache, clock, lastCall, calls } = await inCall()
    const stopped = cache.stop()
    lastCall().answer([])
    await stopped
    cache.start()
    await clock.advance(5000)
    expect(cache.has('a')).toBe(false)
    expect(calls).toHaveLength(1)
  })

  it('W17, L4: a marked item that goes when its aborted call settles leaves its id to a later one', async () => {
    const w = world({ answer: () => 'wait' })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    w.cache.deleteDelayed('a')
    void w.cache.stop()
    w.lastCall().answer([])
    await w.clock.advance(0)
    expect(w.cache.has('a')).toBe(false)
    w.cache.getOrCreate('a', running(1))
    w.cache.start()
    await w.clock.advance(0)
    expect(w.batches()).toEqual([['a'], ['a']])
  })
})

describe('a removal does not wait for', () => {
  it('W5: a slot', async () => {
    const { cache, clock, calls } = world({
      concurrency: 1,
      answer: (batch) => (batch.some(({ id }) => id === 'slow') ? 'wait' : unchanged(batch)),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    cache.getOrCreate('slow', running())
    await clock.advance(100)
    cache.deleteDelayed('a')
    await clock.advance(800)
    expect(cache.has('a')).toBe(false)
    expect(log(calls)).toEqual(['0 a', '100 slow'])
  })

  it('W5: a slot that it waited for already', async () => {
    const { cache, clock, calls } = world({ concurrency: 1, answer: () => 'wait' })
    cache.start().getOrCreate('slow', running())
    await clock.advance(0)
    cache.getOrCreate('a', running())
    await clock.advance(100)
    expect(cache.inProcessing('a')).toBe(true)
    cache.deleteDelayed('a')
    await clock.advance(0)
    expect(cache.has('a')).toBe(false)
    expect(log(calls)).toEqual(['0 slow'])
  })

  it('W5: a hidden page', async () => {
    const all = await marked()
    all.environment.setVisible(false)
    await expectToGoIn(600, all)
  })

  it('W5: a network that is gone', async () => {
    const all = await marked()
    all.environment.setOnline(false)
    await expectToGoIn(600, all)
  })

  it('W5: a page that was hidden when it fell due', async () => {
    const { cache, clock, environment, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    environment.setVisible(false)
    await clock.advance(3000)
    cache.deleteDelayed('a')
    await clock.advance(0)
    expect(cache.has('a')).toBe(false)
    expect(log(calls)).toEqual(['0 a'])
  })

  it('W5: a token of the rate limit', async () => {
    const { cache, clock, calls } = world({ policies: [rateLimit({ calls: 1, per: 60_000 })] })
    cache.start().getOrCreate('a', running())
    await clock.advance(400)
    cache.deleteDelayed('a')
    await clock.advance(600)
    expect(cache.has('a')).toBe(false)
    expect(log(calls)).toEqual(['0 a'])
  })

  it('W5: the end of an outage', async () => {
    const { cache, clock, events } = world({
      interval: (_, id) => (id === 'a' ? 5000 : 1000),
      answer: (batch) => {
        if (batch[0]?.id === 'a') return unchanged(batch)
        throw new Error('down')
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    for (const id of ['x', 'y', 'z']) cache.getOrCreate(id, running())
    await clock.advance(2500)
    expect(events.map((event) => event.type)).toContain('outage-started')
    cache.deleteDelayed('a')
    await clock.advance(2499)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })
})

describe('a cache that does not run', () => {
  it('W5: marking works, and nothing is removed yet', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    expect(cache.deleteDelayed('a')).toBe(true)
    await clock.advance(5000)
    expect(cache.get('a')).toEqual(running())
    expect(cache.getSnapshot('a').isDeleting).toBe(true)
  })

  it('W17, L4: an item whose call was aborted, and still runs, goes when that call settles', async () => {
    let evaluations = 0
    const { cache, clock, lastCall } = world({
      interval: () => {
        evaluations += 1
        return 1000
      },
      answer: () => 'wait',
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    void cache.stop()
    cache.deleteDelayed('a')
    cache.start()
    await clock.advance(5000)
    expect(cache.has('a')).toBe(true)
    lastCall().answer([])
    await clock.advance(0)
    expect(cache.has('a')).toBe(false)
    expect(evaluations).toBe(0)
  })

  it('W5: an item due for removal at the start is removed instead of being synced', async () => {
    const { cache, clock, calls } = await marked()
    await cache.stop()
    await clock.advance(5000)
    cache.start()
    await clock.advance(0)
    expect(cache.has('a')).toBe(false)
    expect(log(calls)).toEqual(['0 a'])
  })

  it('W5: an item not yet due for removal at the start goes when it is', async () => {
    const all = await marked()
    await all.cache.stop()
    await all.clock.advance(200)
    all.cache.start()
    await expectToGoIn(400, all)
  })
})
