import { type AutoRefresh, InMemoryAutoRefresh, lru } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { describe, expect, it } from 'vitest'
import { Inspection } from '../src/inspection.ts'
import { ItemIndex } from '../src/items/item-index.ts'
import { epochOf, observersOf } from '../src/items/seam.ts'
import { Recorder } from '../src/record/recorder.ts'

interface Job {
  readonly progress: number
}

function makeCache(fails: (ids: readonly string[]) => boolean = () => false) {
  const clock = new VirtualClock()
  const batches: (readonly string[])[] = []
  const cache = new InMemoryAutoRefresh<Job>({
    interval: 1000,
    jitter: 0,
    clock,
    batchSize: 1000,
    isTerminal: ({ progress }) => progress >= 3,
    sync(batch) {
      const ids = batch.map(({ id }) => id)
      batches.push(ids)
      if (fails(ids)) throw new Error('HTTP 500')
      return batch.map(({ id, item }) => ({ id, item: { progress: (item?.progress ?? 0) + 1 } }))
    },
  })
  return { cache, clock, batches }
}

describe('looking', () => {
  it('refreshes nothing: items that nobody observes are neither called nor observed', async () => {
    const { cache, clock, batches } = makeCache()
    // A subscription's item, which is refreshed only while somebody observes it (P7).
    const leave = cache.subscribe('a', () => undefined, { initialItem: { progress: 0 } })
    cache.start()
    await clock.advance(10)
    leave()
    const before = batches.length
    const inspection = new Inspection({ name: 'jobs', cache, simulation: undefined })
    for (let second = 0; second < 20; second++) {
      await clock.advance(1000)
      inspection.index.look(1000)
      cache.getSnapshot('a')
    }
    expect(batches.length).toBe(before)
    expect(cache.stats()).toMatchObject({ subscribers: 0, hits: 0, misses: 0 })
    expect(cache.adapterSeam.observerCount('a')).toBe(0)
    inspection.end()
    await cache.stop()
  })

  it('C1: is no use of an item, so that it keeps none from its eviction', () => {
    const cache = new InMemoryAutoRefresh<Job>({ interval: 1000, policies: [lru(3)], sync: () => [] })
    for (const id of ['a', 'b', 'c']) cache.getOrCreate(id, { progress: 0 })
    const { index } = new Inspection({ name: 'jobs', cache, simulation: undefined })
    index.look(1000)
    cache.getSnapshot('a')
    cache.getOrCreate('d', { progress: 0 })
    expect([...cache.ids()]).toEqual(['b', 'c', 'd'])
  })

  it('records no more after its end', async () => {
    const { cache } = makeCache()
    const recorder = new Recorder(cache, () => 0)
    recorder.stop()
    cache.getOrCreate('a')
    expect(recorder.events.total).toBe(0)
  })
})

describe('an implementation of the interface without the seam of adapters', () => {
  it('is looked at as well; how many observe an item is not told', () => {
    const { cache } = makeCache()
    cache.getOrCreate('a', { progress: 1 })
    const other = Object.create(cache, { adapterSeam: { value: undefined } }) as AutoRefresh<Job>
    expect(observersOf(cache, 'a')).toBe(0)
    expect(observersOf(other, 'a')).toBeUndefined()
    expect(Math.abs(epochOf(other) - Date.now())).toBeLessThan(60_000)
  })
})

describe('the index of items', () => {
  it('counts conditions, and follows them', async () => {
    const { cache, clock } = makeCache((ids) => ids.includes('bad') && ids.length === 1)
    const recorder = new Recorder(cache, () => clock.epoch())
    let now = 0
    const index = new ItemIndex(cache, recorder, () => now)
    cache.getOrCreate('a', { progress: 0 })
    cache.getOrCreate('done', { progress: 3 })
    cache.getOrCreate('new')
    index.look(10)
    expect(index.counts).toMatchObject({ active: 1, terminal: 1, pending: 1, failing: 0 })
    cache.delete('done')
    cache.deleteDelayed('new')
    index.look(10)
    expect(index.counts).toMatchObject({ active: 1, terminal: 0, deleting: 1 })
    // No event tells of a mark: a second later it is seen at the latest.
    cache.deleteDelayed('a')
    index.look(10)
    expect(index.counts).toMatchObject({ active: 1, deleting: 1 })
    now += 1000
    index.look(10)
    expect(index.counts).toMatchObject({ active: 0, deleting: 2 })
    cache.start()
    await clock.advance(100)
    cache.getOrCreate('bad')
    await clock.advance(100)
    index.look(10)
    expect(index.counts).toMatchObject({ failing: 1, deleting: 0 })
    expect(index.filter({ text: 'BA', condition: 'failing' })).toEqual(['bad'])
    expect(index.filter({ text: '', condition: undefined })).toEqual([...cache.ids()])
    await cache.stop()
  })

  it('stops when its time is up, and goes on there', () => {
    const { cache } = makeCache()
    const recorder = new Recorder(cache, () => 0)
    let now = 0
    const index = new ItemIndex(cache, recorder, () => (now += 1))
    for (let number = 0; number < 1000; number++) cache.getOrCreate(`job-${number}`)
    let looks = 0
    while (!index.look(3)) looks += 1
    expect(looks).toBeGreaterThan(3)
    expect(index.counts.pending).toBe(1000)
    expect(index.look(3)).toBe(true)
  })

  it('keeps no ids that came and went while nobody looked', () => {
    const { cache } = makeCache()
    const recorder = new Recorder(cache, () => 0)
    for (let number = 0; number < 30_000; number++) {
      cache.getOrCreate(`job-${number}`, { progress: 0 })
      cache.update(`job-${number}`, { progress: 1 })
      cache.delete(`job-${number}`)
    }
    expect(recorder.touched.size).toBeLessThanOrEqual(20_000)
    expect(recorder.events.length).toBe(2000)
    const index = new ItemIndex(cache, recorder, () => 0)
    expect(index.look(1)).toBe(true)
    expect(index.size).toBe(0)
  })
})

describe('what is recorded', () => {
  it('the calls: ids, kind, duration, outcome', async () => {
    let isBad = false
    const { cache, clock } = makeCache(() => isBad)
    const { calls } = new Recorder(cache, () => clock.epoch())
    cache.start().getOrCreate('a')
    await clock.advance(10)
    isBad = true
    const refresh = cache.refresh('a').catch((error: unknown) => error)
    await clock.advance(10)
    expect(await refresh).toEqual(new Error('HTTP 500'))
    await clock.advance(1500)
    const seen = calls
      .newestFirst()
      .map(({ call, kind, outcome, ids, error }) => [call, kind, outcome, ids, error])
    expect(seen.slice(-2)).toEqual([
      [2, 'asked', 'failed', ['a'], new Error('HTTP 500')],
      [1, 'clock', 'ok', ['a'], undefined],
    ])
    await cache.stop()
  })

  it('a call that had started before, and the first ids of a large one', async () => {
    const { cache, clock } = makeCache()
    for (let number = 0; number < 1000; number++) cache.getOrCreate(`job-${number}`)
    const { calls } = new Recorder(cache, () => clock.epoch())
    cache.start()
    await clock.advance(10)
    expect(calls.newestFirst()[0]).toMatchObject({ size: 1000, outcome: 'ok' })
    expect(calls.newestFirst()[0]?.ids.length).toBe(200)
    await cache.stop()
  })

  it('the events, newest first, without the values of items', async () => {
    const { cache, clock } = makeCache()
    const { events } = new Recorder(cache, () => clock.epoch())
    cache.start()
    cache.getOrCreate('a', { progress: 41 })
    cache.pause()
    cache.delete('a')
    const all = [...events.newestFirst()]
    expect(all.map(({ type, id, text }) => [type, id, text])).toEqual([
      ['deleted', 'a', 'deleted'],
      ['paused', undefined, 'user'],
      ['terminal', 'a', ''],
      ['created', 'a', ''],
      ['started', undefined, ''],
    ])
    expect(JSON.stringify(all)).not.toContain('41')
    await cache.stop()
  })
})
