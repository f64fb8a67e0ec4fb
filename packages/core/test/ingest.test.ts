import { type SyncResponse } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { times, timesOf } from './scheduling.ts'
import { done, isTerminal, running, world, type Job, type World } from './world.ts'

/** Items (`a` and `b`) of step 1, synced at 0, due at 1000. It is 400 now. */
async function fresh(options: Parameters<typeof world<Job>>[0] = {}, ids = ['a', 'b']): Promise<World<Job>> {
  const all = world({ isTerminal, ...options })
  all.cache.start()
  for (const id of ids) all.cache.getOrCreate(id, running(1))
  await all.clock.advance(400)
  return all
}

describe('pushed values', () => {
  it('W10: a value is stored at once', async () => {
    const { cache, events } = await fresh()
    const item = running(5)
    cache.ingest([{ id: 'a', item }])
    expect(cache.get('a')).toBe(item)
    expect(cache.getSnapshot('a')).toMatchObject({ item, changedAt: 1_000_400 })
    expect(events.at(-1)).toEqual({ type: 'updated', id: 'a', item })
  })

  it('W10: subscribers are told', async () => {
    const { cache, clock } = await fresh()
    let told = 0
    cache.subscribe('a', () => (told += 1))
    cache.ingest([{ id: 'a', item: running(5) }])
    await clock.advance(0)
    expect(told).toBe(1)
  })

  it('W10: every action is understood', async () => {
    const { cache, events } = await fresh()
    cache.getOrCreate('c', running(1))
    cache.getOrCreate('d', running(1))
    cache.ingest([
      { id: 'a', action: 'update', item: running(5) },
      { id: 'b', action: 'delete' },
      { id: 'c', action: 'unchanged' },
      { id: 'd', action: 'fail', error: 'busy' },
    ])
    expect(cache.get('a')).toEqual(running(5))
    expect(cache.has('b')).toBe(false)
    expect(cache.get('c')).toEqual(running(1))
    expect(cache.getSnapshot('d')).toMatchObject({ item: running(1), error: 'busy', failureCount: 1 })
    expect(events).toContainEqual({ type: 'deleted', id: 'b', item: running(1), reason: 'gone' })
  })

  it('W10: a value that equals the present one keeps it, and tells nobody', async () => {
    const { cache, clock, events } = await fresh()
    const before = cache.get('a')
    let told = 0
    cache.subscribe('a', () => (told += 1))
    const count = events.length
    cache.ingest([{ id: 'a', item: running(1) }])
    await clock.advance(0)
    expect(cache.get('a')).toBe(before)
    expect(told).toBe(0)
    expect(events).toHaveLength(count)
  })

  it('W10: a validator is sent with the next call', async () => {
    const { cache, clock, lastCall } = await fresh()
    cache.ingest([
      { id: 'a', item: running(5), validator: 'va' },
      { id: 'b', action: 'unchanged', validator: 'vb' },
    ])
    await clock.advance(1000)
    const sent = lastCall().batch.map(({ id, validator }) => `${id} ${String(validator)}`)
    expect(sent.sort()).toEqual(['a va', 'b vb'])
  })

  it('W10, W11: a value without a validator clears it, `unchanged` without one keeps it', async () => {
    const { cache, clock, lastCall } = await fresh({
      answer: (batch) => batch.map(({ id }) => ({ id, item: running(1), validator: `v${id}` })),
    })
    cache.ingest([
      { id: 'a', item: running(5) },
      { id: 'b', action: 'unchanged' },
    ])
    await clock.advance(1000)
    const sent = lastCall().batch.map(({ id, validator }) => `${id} ${String(validator)}`)
    expect(sent.sort()).toEqual(['a undefined', 'b vb'])
  })

  it('W10: a success ends a row of failures', async () => {
    for (const response of [{ item: running(5) }, { action: 'unchanged' }] as const) {
      const { cache } = await fresh({
        answer: () => {
          throw new Error('down')
        },
      })
      expect(cache.getSnapshot('a').failureCount).toBe(1)
      cache.ingest([{ id: 'a', ...response }])
      expect(cache.getSnapshot('a')).toMatchObject({ error: undefined, failureCount: 0 })
    }
  })

  it('W10: an item that is terminal by it is refreshed no more', async () => {
    const all = await fresh()
    all.cache.ingest([{ id: 'a', item: done(5) }])
    expect(all.cache.getSnapshot('a').status).toBe('terminal')
    await all.clock.advance(5000)
    expect(timesOf(all.calls, 'a')).toEqual([0])
  })

  it('W10, W6: a value wins over the answer of a call that runs, `unchanged` does not', async () => {
    for (const [response, step] of [
      [{ id: 'a', item: running(5) }, 5],
      [{ id: 'a', action: 'unchanged' }, 9],
    ] as const) {
      const { cache, clock, lastCall } = world({ answer: () => 'wait' })
      cache.start().getOrCreate('a', running(1))
      await clock.advance(0)
      cache.ingest([response])
      lastCall().answer([{ id: 'a', item: running(9) }])
      await clock.advance(0)
      expect(cache.get('a')).toEqual(running(step))
    }
  })

  it('W10, W6: so does a value that equals the present one', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running(5))
    await clock.advance(0)
    cache.ingest([{ id: 'a', item: running(5) }])
    lastCall().answer([{ id: 'a', item: running(1) }])
    await clock.advance(0)
    expect(cache.get('a')).toEqual(running(5))
  })

  it('W10: it is no sync call', async () => {
    const { cache, events, calls } = await fresh()
    cache.ingest([{ id: 'a', item: running(5) }])
    expect(cache.stats().syncCalls).toBe(1)
    expect(calls).toHaveLength(1)
    expect(events.filter((event) => event.type === 'sync-started')).toHaveLength(1)
  })

  it('W10: it works on a cache that does not run', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running(1))
    cache.ingest([{ id: 'a', item: running(5) }])
    expect(cache.get('a')).toEqual(running(5))
    await clock.advance(0)
    expect(clock.timers).toBe(0)
  })

  it('W10: nothing pushed is nothing done', async () => {
    const all = await fresh({ missing: 'delete' })
    const count = all.events.length
    all.cache.ingest([])
    expect(all.events).toHaveLength(count)
    await all.clock.advance(600)
    expect(times(all.calls)).toEqual([0, 1000])
  })

  it.each(['unchanged', 'fail', 'delete'] as const)(
    'W10: what a push leaves out is not missing (%s)',
    async (missing) => {
      const { cache } = await fresh({ missing })
      cache.ingest([{ id: 'a', item: running(5) }])
      expect(cache.getSnapshot('b')).toMatchObject({ item: running(1), failureCount: 0 })
    },
  )
})

describe('items that a push creates', () => {
  it('W10: nothing', async () => {
    const { cache, clock, events, batches } = await fresh()
    cache.ingest([{ id: 'x', item: running(5) }])
    expect(cache.has('x')).toBe(false)
    expect(cache.size).toBe(2)
    await clock.advance(1000)
    expect(batches().flat()).not.toContain('x')
    expect(events.filter((event) => event.type === 'created')).toHaveLength(2)
  })

  it('W10: nothing for an absent id by any action, and those that are there are applied', async () => {
    const { cache } = await fresh()
    cache.ingest([
      { id: 'x', action: 'unchanged', validator: 'v' },
      { id: 'y', action: 'delete' },
      { id: 'z', action: 'fail', error: 'busy' },
      { id: 'a', item: running(5) },
    ])
    expect([...cache.ids()].sort()).toEqual(['a', 'b'])
    expect(cache.get('a')).toEqual(running(5))
  })

  it('W10: an item that is created later has nothing of it', async () => {
    const { cache, clock, lastCall } = await fresh()
    cache.ingest([{ id: 'x', action: 'unchanged', validator: 'v' }])
    cache.ingest([{ id: 'x', action: 'fail', error: 'busy' }])
    cache.getOrCreate('x', running(1))
    expect(cache.getSnapshot('x')).toMatchObject({ error: undefined, failureCount: 0 })
    await clock.advance(0)
    expect(lastCall().ids).toEqual(['x'])
    expect(lastCall().batch[0]?.validator).toBeUndefined()
  })
})

describe('the due time of items in a push', () => {
  const successes: readonly (readonly [string, SyncResponse<Job>])[] = [
    ['a new value', { id: 'a', item: running(5) }],
    ['an equal value', { id: 'a', item: running(1) }],
    ['unchanged', { id: 'a', action: 'unchanged' }],
  ]

  it.each(successes)('W10: %s moves it to one interval from now', async (_, response) => {
    const all = await fresh({}, ['a'])
    all.cache.ingest([response])
    expect(all.cache.getSnapshot('a').nextRefreshAt).toBe(1_001_400)
    await all.clock.advance(999)
    expect(timesOf(all.calls, 'a')).toEqual([0])
    await all.clock.advance(1)
    expect(timesOf(all.calls, 'a')).toEqual([0, 1400])
  })

  it('W10: that of what it does not name stays', async () => {
    const all = await fresh()
    all.cache.ingest([{ id: 'a', item: running(5) }])
    await all.clock.advance(600)
    expect(timesOf(all.calls, 'b')).toEqual([0, 1000])
  })

  it('W10: as long as pushes come, nothing is polled; when they end, it is', async () => {
    const all = await fresh()
    for (let step = 0; step < 20; step++) {
      all.cache.ingest([
        { id: 'a', item: running(step) },
        { id: 'b', action: 'unchanged' },
      ])
      await all.clock.advance(900)
    }
    expect(times(all.calls)).toEqual([0])
    await all.clock.advance(100)
    expect(times(all.calls)).toEqual([0, 400 + 19 * 900 + 1000])
  })

  it('W10: a new item that was pushed before its first sync is synced one interval later', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running(1))
    cache.ingest([{ id: 'a', item: running(5) }])
    await clock.advance(999)
    expect(calls).toEqual([])
    await clock.advance(1)
    expect(times(calls)).toEqual([1000])
  })

  it('W10: an item that waits for a slot gives its place up', async () => {
    const { cache, clock, calls, lastCall } = world({ concurrency: 1, answer: () => 'wait' })
    cache.start().getOrCreate('slow', running())
    await clock.advance(0)
    cache.getOrCreate('a', running(1))
    await clock.advance(100)
    cache.ingest([{ id: 'a', item: running(5) }])
    expect(cache.inProcessing('a')).toBe(false)
    lastCall().answer([])
    await clock.advance(200)
    expect(calls).toHaveLength(1)
  })

  it('W10: an item that is overdue while the page is hidden is not refreshed on return', async () => {
    const all = await fresh()
    all.environment.setVisible(false)
    await all.clock.advance(2000)
    all.cache.ingest([
      { id: 'a', item: running(5) },
      { id: 'b', item: running(5) },
    ])
    all.environment.setVisible(true)
    await all.clock.advance(999)
    expect(times(all.calls)).toEqual([0])
  })

  it('W10: it is moved also where the cache does not run', async () => {
    const { cache, clock, calls } = world()
    cache.getOrCreate('a', running(1))
    await clock.advance(400)
    cache.ingest([{ id: 'a', item: running(5) }])
    cache.start()
    await clock.advance(999)
    expect(calls).toEqual([])
    await clock.advance(1)
    expect(times(calls)).toEqual([1400])
  })

  it('W10: the interval function gives it, asked once, with the new value', async () => {
    const asked: unknown[] = []
    const { cache, clock, calls } = world({
      interval: (snapshot) => {
        asked.push(snapshot.item)
        return 300 + 100 * (snapshot.item?.step ?? 0)
      },
    })
    cache.start().getOrCreate('a', running(1))
    await clock.advance(100)
    cache.ingest([{ id: 'a', item: running(7) }])
    expect(asked).toEqual([running(1), running(7)])
    await clock.advance(999)
    expect(times(calls)).toEqual([0])
    await clock.advance(1)
    expect(times(calls)).toEqual([0, 1100])
  })

  it('W10: a terminal item gets none, nor one that a push makes terminal', async () => {
    const all = await fresh()
    all.cache.update('a', done(1))
    all.cache.ingest([
      { id: 'a', item: done(2) },
      { id: 'b', item: done(2) },
    ])
    expect(all.cache.getSnapshot('a').nextRefreshAt).toBeUndefined()
    expect(all.cache.getSnapshot('b').nextRefreshAt).toBeUndefined()
    await all.clock.advance(5000)
    expect(times(all.calls)).toEqual([0])
  })

  it('W10: there is none if the interval is Infinity', async () => {
    const all = await fresh({ interval: Infinity })
    all.cache.ingest([{ id: 'a', item: running(5) }])
    await all.clock.advance(100_000)
    expect(times(all.calls)).toEqual([0])
  })
})

describe('a failure that was pushed', () => {
  const busy = (retryAfter?: number): SyncResponse<Job> => ({
    id: 'a',
    action: 'fail',
    error: 'busy',
    retryAfter,
  })

  it('W10: it is one of the item, which keeps its value', async () => {
    const { cache } = await fresh()
    cache.ingest([busy()])
    cache.ingest([busy()])
    expect(cache.getSnapshot('a')).toMatchObject({ item: running(1), error: 'busy', failureCount: 2 })
    expect(cache.getSnapshot('b').failureCount).toBe(0)
  })

  it('W10, F2: it delays the next refresh as failures do', async () => {
    const all = await fresh({}, ['a'])
    all.cache.ingest([busy()])
    all.cache.ingest([busy()])
    all.cache.ingest([busy()])
    await all.clock.advance(3999)
    expect(timesOf(all.calls, 'a')).toEqual([0])
    await all.clock.advance(1)
    expect(timesOf(all.calls, 'a')).toEqual([0, 4400])
  })

  it('W10: its retryAfter holds', async () => {
    const all = await fresh({}, ['a'])
    all.cache.ingest([busy(7000)])
    await all.clock.advance(6999)
    expect(timesOf(all.calls, 'a')).toEqual([0])
    await all.clock.advance(1)
    expect(timesOf(all.calls, 'a')).toEqual([0, 7400])
  })

  it('W10: a success that is pushed after it ends the delay', async () => {
    const all = await fresh({}, ['a'])
    all.cache.ingest([busy(7000)])
    all.cache.ingest([{ id: 'a', action: 'unchanged' }])
    await all.clock.advance(1000)
    expect(timesOf(all.calls, 'a')).toEqual([0, 1400])
  })

  it('W10, F19: many of them are no outage', async () => {
    const all = await fresh()
    for (let push = 0; push < 5; push++) all.cache.ingest([busy()])
    await all.clock.advance(600)
    expect(all.cache.getStatus()).toMatchObject({ isOutage: false, error: undefined })
    expect(timesOf(all.calls, 'b')).toEqual([0, 1000])
  })
})
