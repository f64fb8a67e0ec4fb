import { expiry, rateLimit } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createUnobserved } from './scheduling-helpers.ts'
import { isTerminal, done, running, unchanged, world, type Job, type SyncCall, type World } from './world.ts'

/** The calls as `'<time> <ids, sorted>'`. */
const log = (calls: readonly SyncCall<Job>[]): string[] =>
  calls.map((call) => [call.at, ...[...call.ids].sort()].join(' '))

/** Lets the microtasks run that are queued now, and no timer. */
async function endOfTurn(): Promise<void> {
  for (let job = 0; job < 10; job++) await Promise.resolve()
}

/** An item `a` that was synced at 0, is due at 1000, and is marked at 400. */
async function marked(options: Parameters<typeof world<Job>>[0] = {}): Promise<World<Job>> {
  const all = world({ isTerminal, ...options })
  all.cache.start().getOrCreate('a', running(1))
  await all.clock.advance(400)
  expect(all.cache.deleteDelayed('a')).toBe(true)
  return all
}

/** Expects that `a` goes exactly `ms` from now. */
async function expectToGoIn(ms: number, { cache, clock }: World<Job>): Promise<void> {
  await clock.advance(ms - 1)
  expect(cache.has('a')).toBe(true)
  await clock.advance(1)
  expect(cache.has('a')).toBe(false)
}

describe('a marked item', () => {
  it('W5: it stays readable', async () => {
    const { cache } = await marked()
    expect(cache.get('a')).toEqual(running(1))
    expect(cache.getOrThrow('a')).toEqual(running(1))
    expect(cache.has('a')).toBe(true)
    expect(cache.size).toBe(1)
    expect([...cache.ids()]).toEqual(['a'])
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'active', item: running(1), isDeleting: true })
  })

  it('W5: getOrCreate returns it', async () => {
    const { cache } = await marked()
    expect(cache.getOrCreate('a', running(2))).toEqual(running(1))
  })

  it('W5, O2: to mark it again changes nothing, and tells nobody', async () => {
    const { cache, clock } = await marked()
    await clock.advance(0)
    let told = 0
    cache.subscribe('a', () => (told += 1), { activity: true })
    const before = cache.getSnapshot('a')
    expect(cache.deleteDelayed('a')).toBe(true)
    await clock.advance(0)
    expect(told).toBe(0)
    expect(cache.getSnapshot('a')).toBe(before)
  })

  it('W5: update works', async () => {
    const { cache } = await marked()
    expect(cache.update('a', running(2))).toBe(true)
    expect(cache.get('a')).toEqual(running(2))
  })

  it('W5: it is removed at its due time, instead of being synced', async () => {
    const all = await marked()
    await expectToGoIn(600, all)
    expect(log(all.calls)).toEqual(['0 a'])
    expect(all.events.at(-1)).toEqual({ type: 'deleted', id: 'a', item: running(1), reason: 'delayed' })
  })

  it('W5: it is gone for good', async () => {
    const { cache, clock, calls } = await marked()
    await clock.advance(10_000)
    expect(cache.get('a')).toBeUndefined()
    expect(cache.getSnapshot('a').status).toBe('missing')
    expect(log(calls)).toEqual(['0 a'])
  })

  it('W5: it is removed with the newest value', async () => {
    const { cache, clock, events } = await marked()
    cache.update('a', running(2))
    await clock.advance(600)
    expect(events.at(-1)).toMatchObject({ type: 'deleted', item: running(2) })
  })

  it('W5: others of its batch are synced without it', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(400)
    cache.deleteDelayed('a')
    await clock.advance(600)
    expect(log(calls)).toEqual(['0 a b', '1000 b'])
    expect([...cache.ids()]).toEqual(['b'])
  })

  it('W5, D2: a batch of others that settles does not sweep it away', async () => {
    const { cache, clock, calls } = await marked()
    cache.getOrCreate('b', running())
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a', '400 b'])
    await clock.advance(599)
    expect(cache.has('a')).toBe(true)
  })

  it('W5: it is not synced early for company either', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('b', running())
    await clock.advance(300)
    cache.getOrCreate('a', running())
    await clock.advance(100)
    cache.deleteDelayed('a')
    await clock.advance(5000)
    expect(calls.filter((call) => call.ids.includes('a'))).toHaveLength(1)
    expect(cache.has('a')).toBe(false)
  })

  it('W5: marking it again returns true, and postpones nothing', async () => {
    const all = await marked()
    await all.clock.advance(300)
    expect(all.cache.deleteDelayed('a')).toBe(true)
    await expectToGoIn(300, all)
  })

  it('W5: one that was never synced is never synced', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    expect(cache.deleteDelayed('a')).toBe(true)
    expect(cache.has('a')).toBe(true)
    await clock.advance(0)
    expect(cache.has('a')).toBe(false)
    await clock.advance(5000)
    expect(calls).toEqual([])
  })

  it('W5: one without syncOnCreate goes when its first refresh is due', async () => {
    const all = world({ syncOnCreate: false })
    all.cache.start().getOrCreate('a', running())
    await all.clock.advance(100)
    all.cache.deleteDelayed('a')
    await expectToGoIn(900, all)
    expect(all.calls).toEqual([])
  })

  it('W5: one that waits after a failure goes when it would have been tried again', async () => {
    const all = world({
      answer: () => {
        throw new Error('down')
      },
    })
    all.cache.start().getOrCreate('a', running())
    await all.clock.advance(1100)
    all.cache.deleteDelayed('a')
    await expectToGoIn(1900, all)
    expect(log(all.calls)).toEqual(['0 a', '1000 a'])
  })

  it('W5: subscribers are told of the mark, and of the end', async () => {
    const { cache, clock } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(400)
    const seen: unknown[] = []
    cache.subscribe('a', () => {
      const { status, isDeleting } = cache.getSnapshot('a')
      seen.push([status, isDeleting])
    })
    cache.deleteDelayed('a')
    await clock.advance(600)
    expect(seen).toEqual([
      ['active', true],
      ['missing', false],
    ])
  })

  it('W5: delete removes it at once', async () => {
    const { cache, clock, events } = await marked()
    expect(cache.delete('a')).toBe(true)
    expect(cache.has('a')).toBe(false)
    await clock.advance(5000)
    expect(events.filter((event) => event.type === 'deleted')).toHaveLength(1)
  })
})

describe('what does not take the mark back', () => {
  it('W5, D2: getOrCreate', async () => {
    const all = await marked()
    all.cache.getOrCreate('a', running(2))
    expect(all.cache.getSnapshot('a').isDeleting).toBe(true)
    await expectToGoIn(600, all)
  })

  it('W5: update', async () => {
    const all = await marked()
    all.cache.update('a', running(2))
    expect(all.cache.getSnapshot('a').isDeleting).toBe(true)
    await expectToGoIn(600, all)
    expect(log(all.calls)).toEqual(['0 a'])
  })

  it('W5: an update to a terminal item', async () => {
    const { cache, clock, calls } = await marked()
    cache.update('a', done())
    await clock.advance(5000)
    expect(cache.has('a')).toBe(false)
    expect(log(calls)).toEqual(['0 a'])
  })

  it('W5: an update that brings a terminal item back to life', async () => {
    const { cache, clock, calls } = world({ isTerminal })
    cache.start().getOrCreate('a', done())
    await clock.advance(400)
    cache.deleteDelayed('a')
    cache.update('a', running())
    await clock.advance(5000)
    expect(cache.has('a')).toBe(false)
    expect(calls).toEqual([])
  })

  it('W5: ingest, which does not postpone the removal either', async () => {
    const all = await marked()
    await all.clock.advance(300)
    all.cache.ingest([{ id: 'a', item: running(2) }])
    expect(all.cache.get('a')).toEqual(running(2))
    await expectToGoIn(300, all)
    expect(log(all.calls)).toEqual(['0 a'])
  })

  it.each(['unchanged', 'fail'] as const)('W5: an ingest of `%s`', async (action) => {
    const all = await marked()
    await all.clock.advance(300)
    all.cache.ingest([action === 'fail' ? { id: 'a', action, error: 'busy' } : { id: 'a', action }])
    await expectToGoIn(300, all)
  })

  it('W5: ingest does not postpone the removal of a terminal item either', async () => {
    const all = world({ isTerminal })
    all.cache.start().getOrCreate('a', done())
    all.cache.deleteDelayed('a')
    await all.clock.advance(700)
    all.cache.ingest([{ id: 'a', item: done(2) }])
    await expectToGoIn(300, all)
  })

  it('W5: subscribers and readers', async () => {
    const all = await marked()
    all.cache.subscribe('a', () => {})
    all.cache.get('a')
    await expectToGoIn(600, all)
  })
})

describe('an item without a due time', () => {
  it('W5: a terminal one goes one interval from now', async () => {
    const all = world({ isTerminal })
    all.cache.start().getOrCreate('a', done())
    await all.clock.advance(5300)
    expect(all.cache.deleteDelayed('a')).toBe(true)
    await expectToGoIn(1000, all)
    expect(all.calls).toEqual([])
    expect(all.events.at(-1)).toMatchObject({ type: 'deleted', reason: 'delayed' })
  })

  it('W5: an expired one goes one interval from now', async () => {
    const all = world({ policies: [expiry({ maxAge: 500 })] })
    all.cache.start().getOrCreate('a', running())
    await all.clock.advance(700)
    all.cache.deleteDelayed('a')
    await expectToGoIn(1000, all)
  })

  it('W17: one of a subscription that nobody observes goes one interval from now', async () => {
    const all = world()
    all.cache.start()
    createUnobserved(all, 'a')
    await all.clock.advance(700)
    all.cache.deleteDelayed('a')
    await expectToGoIn(1000, all)
    expect(all.calls).toEqual([])
  })

  it('W5: the interval function decides how long that is', async () => {
    const all = world({ isTerminal, interval: (_, id) => (id === 'a' ? 300 : 1) })
    all.cache.start().getOrCreate('a', done())
    all.cache.deleteDelayed('a')
    await expectToGoIn(300, all)
  })

  it('W5: where the interval is Infinity it goes at the end of the turn', async () => {
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

  it('W5: so does a terminal one', async () => {
    const { cache } = world({ isTerminal, interval: Infinity })
    cache.start().getOrCreate('a', done())
    cache.deleteDelayed('a')
    expect(cache.has('a')).toBe(true)
    await endOfTurn()
    expect(cache.has('a')).toBe(false)
  })
})

describe('an item in a running sync call', () => {
  async function inCall(options: Parameters<typeof world<Job>>[0] = {}): Promise<World<Job>> {
    const all = world({ isTerminal, answer: () => 'wait', ...options })
    all.cache.start().getOrCreate('a', running(1))
    await all.clock.advance(400)
    expect(all.cache.deleteDelayed('a')).toBe(true)
    await all.clock.advance(400)
    expect(all.cache.get('a')).toEqual(running(1))
    return all
  }

  it('W5: it goes when the call settles', async () => {
    const { cache, clock, lastCall, calls } = await inCall()
    lastCall().answer([{ id: 'a', item: running(9) }])
    await clock.advance(0)
    expect(cache.has('a')).toBe(false)
    await clock.advance(5000)
    expect(calls).toHaveLength(1)
  })

  it('W5: what the call brings is not applied before that', async () => {
    const { clock, events, lastCall } = await inCall()
    const before = events.length
    lastCall().answer([{ id: 'a', item: running(9) }])
    await clock.advance(0)
    expect(events.slice(before)).toMatchObject([
      { type: 'deleted', item: running(1), reason: 'delayed' },
      { type: 'sync-settled' },
    ])
  })

  it('W5: it is not aborted for that', async () => {
    const { lastCall } = await inCall()
    expect(lastCall().signal.aborted).toBe(false)
  })

  it('W5: it goes when the call fails', async () => {
    const { cache, clock, lastCall } = await inCall()
    lastCall().fail(new Error('down'))
    await clock.advance(0)
    expect(cache.has('a')).toBe(false)
  })

  it('W5: it goes when its own entry is a failure, or is not there', async () => {
    for (const missing of ['unchanged', 'fail'] as const) {
      const { cache, clock, lastCall } = await inCall({ missing })
      lastCall().answer([])
      await clock.advance(0)
      expect(cache.has('a')).toBe(false)
    }
  })

  it('W5: it goes when the call times out', async () => {
    const { cache, clock } = await inCall({ timeout: 2000 })
    await clock.advance(1199)
    expect(cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('W5: it does not go at what would be its due time, while the call runs', async () => {
    const { cache, clock } = await inCall()
    await clock.advance(10_000)
    expect(cache.has('a')).toBe(true)
  })

  it('W5: nor does a new mark or an ingest keep it', async () => {
    const { cache, clock, lastCall } = await inCall()
    cache.deleteDelayed('a')
    cache.ingest([{ id: 'a', item: running(3) }])
    lastCall().answer(unchanged(lastCall().batch))
    await clock.advance(0)
    expect(cache.has('a')).toBe(false)
  })

  it('W5: nor does an update, to a terminal item included', async () => {
    const { cache, clock, lastCall } = await inCall()
    cache.update('a', done())
    lastCall().answer([])
    await clock.advance(0)
    expect(cache.has('a')).toBe(false)
  })

  it('W5: the others of the call keep what it brought', async () => {
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

  it('W5: after a stop and a start it is removed, and not sent again', async () => {
    const { cache, clock, lastCall, calls } = await inCall()
    const stopped = cache.stop()
    lastCall().answer([])
    await stopped
    cache.start()
    await clock.advance(5000)
    expect(cache.has('a')).toBe(false)
    expect(calls).toHaveLength(1)
  })
})

describe('what removal does not wait for', () => {
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

describe('an absent id', () => {
  it('W5: it answers false', () => {
    const { cache, events } = world()
    expect(cache.deleteDelayed('a')).toBe(false)
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'missing', isDeleting: false })
    expect(events).toEqual([])
  })

  it('W5, D2: no mark is left: an item created later is untouched', async () => {
    const { cache, clock, calls } = world()
    cache.start()
    expect(cache.deleteDelayed('a')).toBe(false)
    cache.getOrCreate('a', running())
    expect(cache.getSnapshot('a').isDeleting).toBe(false)
    await clock.advance(3000)
    expect(cache.has('a')).toBe(true)
    expect(log(calls)).toEqual(['0 a', '1000 a', '2000 a', '3000 a'])
  })

  it('W5, D2: nor is one left by a deleted item', async () => {
    const { cache, clock } = await marked()
    cache.delete('a')
    cache.getOrCreate('a', running(5))
    await clock.advance(5000)
    expect(cache.get('a')).toEqual(running(5))
    expect(cache.getSnapshot('a').isDeleting).toBe(false)
  })

  it('W5, D2: nor by one that was removed by its mark', async () => {
    const { cache, clock, calls } = await marked()
    await clock.advance(600)
    expect(cache.deleteDelayed('a')).toBe(false)
    cache.getOrCreate('a', running(5))
    await clock.advance(1000)
    expect(cache.get('a')).toEqual(running(5))
    expect(log(calls)).toEqual(['0 a', '1000 a', '2000 a'])
  })

  it('W5, D2: the mark of an item whose call runs does not hit the one created after it', async () => {
    const { cache, clock, calls } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running(1))
    await clock.advance(0)
    cache.deleteDelayed('a')
    cache.delete('a')
    cache.getOrCreate('a', running(2))
    calls[0]?.answer([{ id: 'a', item: running(9) }])
    await clock.advance(0)
    expect(cache.get('a')).toEqual(running(2))
    expect(calls[1]?.ids).toEqual(['a'])
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

  it('W17, L4: one whose call was aborted, and still runs, goes when that call settles', async () => {
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

  it('W5: what is due by its start is removed instead of being synced', async () => {
    const { cache, clock, calls } = await marked()
    await cache.stop()
    await clock.advance(5000)
    cache.start()
    await clock.advance(0)
    expect(cache.has('a')).toBe(false)
    expect(log(calls)).toEqual(['0 a'])
  })

  it('W5: what is not due by its start goes when it is', async () => {
    const all = await marked()
    await all.cache.stop()
    await all.clock.advance(200)
    all.cache.start()
    await expectToGoIn(400, all)
  })
})
