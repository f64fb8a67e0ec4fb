import { rateLimit, customBatches, lru } from '@auto-refresh/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  after,
  createAll,
  failed,
  log,
  manyIds,
  outcomeOf,
  sizes,
  times,
  timesOf,
  typesOf,
  untyped,
} from './scheduling-helpers.ts'
import {
  captureReports,
  done,
  running,
  stepped,
  unchanged,
  world,
  type Job,
  type SyncCall,
  type World,
} from './world.ts'

/** Defects of the Go original, measured or read there, by their numbers. */

describe('the defects of the original are not ported', () => {
  it('D1, S3: a sync that takes ten times its period is in one call at a time, not in ten', async () => {
    let open = 0
    let most = 0
    const w: World<Job> = world({
      interval: 10,
      concurrency: 10,
      answer: async (batch) => {
        most = Math.max(most, (open += 1))
        await after(w.clock, 100, undefined)
        open -= 1
        return unchanged(batch)
      },
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(2000)
    expect(most).toBe(1)
    expect(times(w.calls).slice(0, 4)).toEqual([0, 110, 220, 330])
  })

  it('D1, S3: an id is in one call at a time, if it is refreshed on request or created again, too', async () => {
    const open = new Map<string, number>()
    let most = 0
    const w: World<Job> = world({
      interval: 10,
      concurrency: 10,
      batchSize: 2,
      answer: async (batch) => {
        for (const { id } of batch) {
          open.set(id, (open.get(id) ?? 0) + 1)
          most = Math.max(most, open.get(id) ?? 0)
        }
        await after(w.clock, 35, undefined)
        for (const { id } of batch) open.set(id, (open.get(id) ?? 0) - 1)
        return unchanged(batch)
      },
    })
    w.cache.start()
    for (let step = 0; step < 200; step++) {
      const id = `i${step % 5}`
      if (step % 7 === 0) w.cache.delete(id)
      w.cache.getOrCreate(id, running())
      outcomeOf(w.cache.refresh(id))
      await w.clock.advance(step % 4)
    }
    expect(w.calls.length).toBeGreaterThan(20)
    expect(most).toBe(1)
  })

  it('D1, S3: a call that failed or threw gives its ids back', async () => {
    let nth = 0
    const w = world({
      answer: () => {
        nth += 1
        if (nth === 1) throw new Error('sync')
        if (nth === 2) return Promise.reject(new Error('async'))
        return []
      },
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(3000)
    expect(times(w.calls)).toEqual([0, 1000, 3000])
    expect(w.cache.inProcessing('a')).toBe(false)
  })

  it('D4, F2: an item that always fails really backs off', async () => {
    const w = world({ interval: 20, answer: () => [failed('a')], retry: { maxDelay: 1000 } })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(10_000)
    expect(times(w.calls).slice(0, 7)).toEqual([0, 20, 60, 140, 300, 620, 1260])
    expect(w.calls.length).toBeLessThan(20)
  })

  it('D4, F2: the others in its batches do not back off', async () => {
    const w = world({
      interval: 20,
      answer: (batch) => batch.map(({ id }) => (id === 'bad' ? failed(id) : { id, action: 'unchanged' })),
    })
    w.cache.start()
    createAll(w.cache, ['bad', 'good'])
    await w.clock.advance(2000)
    expect(timesOf(w.calls, 'good')).toHaveLength(101)
    expect(timesOf(w.calls, 'bad').length).toBeLessThan(10)
  })

  it('D5, S4: a cache that is overloaded for a while is not behind for ever', async () => {
    const w = world({
      batchSize: 1,
      interval: 10,
      concurrency: 10,
      policies: [rateLimit({ calls: 10, per: 1000 })],
    })
    w.cache.start()
    createAll(w.cache, manyIds(200))
    await w.clock.advance(3000)
    for (const id of manyIds(200)) w.cache.delete(id)
    w.cache.getOrCreate('new', running())
    await w.clock.advance(200)
    expect(timesOf(w.calls, 'new').length).toBeGreaterThan(0)
  })

  it('D5, S4: with the backlog still there, a new item waits for those before it, once each', async () => {
    const w = world({
      batchSize: 1,
      interval: 10,
      concurrency: 10,
      policies: [rateLimit({ calls: 10, per: 1000 })],
    })
    w.cache.start()
    createAll(w.cache, manyIds(200))
    await w.clock.advance(3000)
    w.cache.getOrCreate('new', running())
    await w.clock.advance(21_000)
    expect(timesOf(w.calls, 'new')[0]).toBeLessThanOrEqual(24_000)
  })

  it('D5, S4: an item that waits long for a token is not queued again', async () => {
    const w = world({ interval: 20, policies: [rateLimit({ calls: 1, per: 400 })] })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(4000)
    expect(times(w.calls)).toEqual([0, 400, 800, 1200, 1600, 2000, 2400, 2800, 3200, 3600, 4000])
  })

  it('D6, F1: sync functions that throw use up no workers', async () => {
    const w = world({
      concurrency: 2,
      batchSize: 1,
      retry: { maxDelay: 1000 },
      answer: (batch, call) => {
        if (call.at < 10_000) throw new Error('panic')
        return unchanged(batch)
      },
    })
    w.cache.start()
    createAll(w.cache, manyIds(20))
    await w.clock.advance(20_000)
    expect(w.cache.stats()).toMatchObject({ runningCalls: 0, waitingItems: 0 })
    for (const id of manyIds(20)) {
      expect(w.cache.getSnapshot(id)).toMatchObject({ failureCount: 0, error: undefined })
      expect(timesOf(w.calls, id).length).toBeGreaterThan(8)
    }
  })

  it('D6, F1: sync functions that reject use up no workers', async () => {
    const w = world({
      concurrency: 1,
      retry: { maxDelay: 1000 },
      answer: async () => {
        await Promise.resolve()
        throw new Error('panic')
      },
    })
    w.cache.start()
    createAll(w.cache, manyIds(5))
    await w.clock.advance(100_000)
    expect(w.calls.length).toBeGreaterThan(20)
    expect(w.cache.stats().runningCalls).toBe(0)
  })

  it('D7, S1: 500 items created at once, in batches of any size, cost one call', async () => {
    const w = world({ policies: [customBatches((due) => [due])] })
    w.cache.start()
    createAll(w.cache, manyIds(500))
    await w.clock.advance(0)
    expect(sizes(w.calls)).toEqual([500])
  })

  it('D7, S1: with the default batches they cost five', async () => {
    const w = world()
    w.cache.start()
    createAll(w.cache, manyIds(500))
    await w.clock.advance(0)
    expect(sizes(w.calls)).toEqual([100, 100, 100, 100, 100])
  })

  it('D8, S6: sync sees the item as it is, not as it was when it was queued', async () => {
    const w = world({ concurrency: 1, answer: (_, call) => (call.ids.includes('first') ? 'wait' : []) })
    w.cache.start().getOrCreate('first', running())
    await w.clock.advance(0)
    w.cache.getOrCreate('a', running(1))
    await w.clock.advance(100)
    w.cache.update('a', running(2))
    w.calls[0]?.answer([{ id: 'first', action: 'delete' }])
    await w.clock.advance(0)
    expect(w.lastCall().batch).toMatchObject([{ id: 'a', item: running(2) }])
  })

  it('D8, S6: sync sees the present validator, not the one at the time of queueing', async () => {
    const w = world({
      concurrency: 1,
      answer: (batch, call) =>
        call.ids.includes('first')
          ? 'wait'
          : batch.map(({ id }) => ({ id, action: 'unchanged', validator: 'v1' })),
    })
    w.cache.start().getOrCreate('a', running(1))
    await w.clock.advance(0)
    w.cache.getOrCreate('first', running())
    await w.clock.advance(1500)
    w.cache.update('a', running(2))
    w.calls.find((call) => call.ids.includes('first'))?.answer([{ id: 'first', action: 'delete' }])
    await w.clock.advance(0)
    expect(timesOf(w.calls, 'a')).toEqual([0, 1500])
    expect(w.lastCall().batch[0]).toMatchObject({ item: running(2) })
    expect(w.lastCall().batch[0]?.validator).toBeUndefined()
  })

  it('D9, S3: an item is in processing from its due time until its call settles', async () => {
    const w = world()
    w.cache.start().getOrCreate('a', running())
    expect(w.cache.inProcessing('a')).toBe(true)
    await w.clock.advance(0)
    expect(w.cache.inProcessing('a')).toBe(false)
    outcomeOf(w.cache.refresh('a'))
    expect(w.cache.inProcessing('a')).toBe(true)
    await w.clock.advance(0)
    expect(w.cache.inProcessing('a')).toBe(false)
  })

  it('D9, S3: no mark stays, whatever becomes of the call', async () => {
    const answers = new Map<
      string,
      () => ReturnType<NonNullable<NonNullable<Parameters<typeof world<Job>>[0]>['answer']>>
    >([
      [
        'throws',
        () => {
          throw new Error('throws')
        },
      ],
      ['rejects', () => Promise.reject(new Error('rejects'))],
      ['nothing', () => untyped(undefined)],
      ['hangs', () => 'wait'],
      ['fails', () => [failed('fails')]],
      ['fine', () => []],
    ])
    const w = world({
      timeout: 100,
      policies: [customBatches((due) => due.map((entry) => [entry]))],
      concurrency: 10,
      interval: 10_000,
      answer: (_, call) => answers.get(call.ids[0] ?? '')?.() ?? [],
    })
    w.cache.start()
    createAll(w.cache, answers.keys())
    await w.clock.advance(0)
    expect([...answers.keys()].filter((id) => w.cache.inProcessing(id))).toEqual(['hangs'])
    await w.clock.advance(100)
    expect([...answers.keys()].filter((id) => w.cache.inProcessing(id))).toEqual([])
  })

  it('D11, T1: one id that hangs does not eat one worker after the other', async () => {
    const w = world({
      concurrency: 3,
      batchSize: 1,
      interval: 100,
      timeout: 1000,
      answer: (batch, call) => (call.ids.includes('hangs') ? 'wait' : unchanged(batch)),
    })
    w.cache.start()
    createAll(w.cache, ['hangs', ...manyIds(5)])
    await w.clock.advance(20_000)
    for (const id of manyIds(5)) expect(timesOf(w.calls, id)).toHaveLength(201)
    expect(timesOf(w.calls, 'hangs').length).toBeLessThan(15)
  })

  it('D11, T1: not even if there is one worker', async () => {
    const w = world({
      concurrency: 1,
      timeout: 1000,
      policies: [customBatches((due) => due.map((entry) => [entry]))],
      answer: (batch, call) => (call.ids.includes('hangs') ? 'wait' : unchanged(batch)),
    })
    w.cache.start()
    createAll(w.cache, ['hangs', 'a'])
    await w.clock.advance(60_000)
    expect(timesOf(w.calls, 'a').length).toBeGreaterThan(30)
  })

  it('D14, F4: one bad id does not take away what the others got', async () => {
    const w = world({
      answer: () => [
        { id: 'good', item: running(1) },
        untyped(null),
        untyped({ id: 'rest', action: 'explode' }),
        { id: 'gone', action: 'delete' },
      ],
    })
    w.cache.start()
    createAll(w.cache, ['good', 'gone', 'rest'])
    await w.clock.advance(0)
    expect(w.cache.get('good')).toEqual(running(1))
    expect(w.cache.has('gone')).toBe(false)
    expect(w.cache.getSnapshot('rest').failureCount).toBe(1)
    expect(w.cache.getSnapshot('good').failureCount).toBe(0)
  })

  it('D14, F5: one bad id that fails whole calls is isolated, and the others are fresh', async () => {
    const w = world({
      answer: (batch, call) =>
        call.ids.includes('i7') ? Promise.reject(new Error('bad id')) : stepped(batch),
    })
    w.cache.start()
    createAll(w.cache, manyIds(32))
    await w.clock.advance(60_000)
    for (const id of manyIds(32).filter((one) => one !== 'i7')) {
      expect(w.cache.getSnapshot(id).failureCount).toBe(0)
      expect(w.cache.get(id)?.step ?? 0).toBeGreaterThan(45)
    }
    expect(w.cache.getSnapshot('i7').failureCount).toBeGreaterThan(5)
  })

  it('D16, F4: a response writes nothing that its call did not ask for', async () => {
    const w = world({
      isTerminal: (job) => job.done,
      answer: () => [
        { id: 'other', item: running(9) },
        { id: 'unknown', item: running(9) },
        { id: 'a', item: running(1) },
      ],
    })
    w.cache.getOrCreate('other', done(4))
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    expect(w.cache.get('other')).toEqual(done(4))
    expect(w.cache.has('unknown')).toBe(false)
    expect(w.cache.get('a')).toEqual(running(1))
    expect(typesOf(w.events).filter((type) => type === 'unexpected-response')).toHaveLength(2)
  })

  it('D17, S7: a createBatches that throws costs no period', async () => {
    let nth = 0
    const w = world({
      policies: [
        customBatches((due) => {
          nth += 1
          if (nth % 2 === 0) throw new Error('createBatches')
          return [due]
        }),
      ],
    })
    const { reports, restore } = captureReports()
    onTestFinished(restore)
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(5000)
    expect(times(w.calls)).toEqual([0, 1000, 2000, 3000, 4000, 5000])
    expect(reports).toHaveLength(3)
  })

  it('D17, S7: an id in two batches is synced once', async () => {
    const w = world({ concurrency: 1, policies: [customBatches((due) => [due, due, [...due].reverse()])] })
    w.cache.start()
    createAll(w.cache, ['a', 'b', 'c'])
    await w.clock.advance(1000)
    expect(log(w.calls)).toEqual(['0 a b c', '1000 a b c'])
  })

  it('D21, S2: every item has its own period and phase', async () => {
    const w = world({ batchSize: 1, interval: (_, id) => (id === 'a' ? 300 : 500) })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(120)
    w.cache.getOrCreate('b', running())
    await w.clock.advance(1400)
    expect(timesOf(w.calls, 'a')).toEqual([0, 300, 600, 900, 1200, 1500])
    expect(timesOf(w.calls, 'b')).toEqual([120, 620, 1120])
  })

  it('D21, S17: caches that were started together do not stay in step', async () => {
    const worlds = [0.1, 0.9].map((share) => world({ random: () => share }))
    for (const w of worlds) w.cache.start().getOrCreate('a', running())
    for (const w of worlds) await w.clock.advance(10_000)
    const [one, other] = worlds.map((w) => new Set(times(w.calls).slice(1)))
    expect([...(one ?? [])].filter((at) => other?.has(at))).toEqual([])
  })

  it('D21, C1: an explicit delete is no eviction, and the size is that of now', () => {
    const w = world({ policies: [lru(10)] })
    w.cache.start()
    createAll(w.cache, ['a', 'b'])
    w.cache.delete('a')
    expect(w.cache.stats()).toMatchObject({ evictions: 0, size: 1 })
    expect(typesOf(w.events)).not.toContain('evicted')
  })

  it('D21: every change is told', async () => {
    const w = world({ isTerminal: (job) => job.done, answer: () => [{ id: 'a', item: done() }] })
    let told = 0
    w.cache.subscribe('a', () => (told += 1))
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    w.cache.delete('a')
    await w.clock.advance(0)
    expect(told).toBeGreaterThan(1)
    const mine = typesOf(w.events).filter((type) => type !== 'updated')
    expect(mine).toEqual([
      'started',
      'created',
      'sync-started',
      expect.anything(),
      expect.anything(),
      'deleted',
    ])
    expect(mine.slice(3, 5).sort()).toEqual(['sync-settled', 'terminal'])
  })

  it('D1, D5, D11: a source that is slow, hangs and fails by turns leaves nothing behind', async () => {
    const open = new Set<SyncCall<Job>>()
    const w: World<Job> = world({
      timeout: 500,
      concurrency: 3,
      batchSize: 4,
      retry: { maxDelay: 2000 },
      answer: (batch, call) => {
        open.add(call)
        if (call.at > 60_000) return unchanged(batch)
        const kind = w.calls.length % 4
        if (kind === 0) return 'wait'
        if (kind === 1) return Promise.reject(new Error('down'))
        if (kind === 2) return after(w.clock, 200, unchanged(batch))
        return unchanged(batch)
      },
    })
    w.cache.start()
    createAll(w.cache, manyIds(20))
    await w.clock.advance(90_000)
    expect(w.cache.stats()).toMatchObject({ size: 20, runningCalls: 0 })
    for (const id of manyIds(20))
      expect(w.cache.getSnapshot(id)).toMatchObject({ failureCount: 0, isRefreshing: false })
    expect(w.clock.timers).toBe(1)
    expect(open.size).toBe(w.cache.stats().syncCalls)
  })
})
