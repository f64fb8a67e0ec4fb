import { customBatches, lru } from '@auto-refresh/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { after, createAll, log, manyIds, times, timesOf, typesOf, untyped } from './scheduling.ts'
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

describe('defects of the original in answers and batches are not ported', () => {
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
