import { lru, expiry, until, watch, type AutoRefreshStats } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createUnobserved } from './scheduling.ts'
import { isTerminal, done, running, stepped, world } from './world.ts'

const nothing = (): void => {}

describe('stats', () => {
  it('stats: of a new cache everything is 0', () => {
    const stats: AutoRefreshStats = world().cache.stats()
    expect(stats).toEqual({
      size: 0,
      hits: 0,
      misses: 0,
      syncCalls: 0,
      syncErrors: 0,
      refreshedItems: 0,
      evictions: 0,
      runningCalls: 0,
      waitingItems: 0,
      subscribers: 0,
    })
  })

  it('stats: a returned object does not change', async () => {
    const { cache, clock } = world()
    const before = cache.stats()
    const copy = { ...before }
    cache.start().getOrCreate('a', running())
    cache.get('a')
    await clock.advance(0)
    expect(before).toEqual(copy)
    expect(cache.stats()).not.toEqual(copy)
  })

  it('stats: size is the number of items', () => {
    const { cache } = world()
    const sizes: number[] = []
    for (const step of [
      () => cache.getOrCreate('a', running()),
      () => cache.getOrCreate('a', running()),
      () => cache.getOrCreate('b', running()),
      () => cache.delete('a'),
      () => cache.delete('a'),
      () => cache.update('a', running()),
    ]) {
      step()
      sizes.push(cache.stats().size)
      expect(cache.size).toBe(cache.stats().size)
    }
    expect(sizes).toEqual([1, 1, 2, 1, 1, 1])
  })

  it('stats: a deleted item is a miss, an item that waits for its removal is a hit', () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    cache.deleteDelayed('a')
    cache.get('a')
    expect(cache.stats()).toMatchObject({ hits: 1, misses: 0 })
    cache.delete('a')
    cache.get('a')
    expect(cache.stats()).toMatchObject({ hits: 1, misses: 1 })
  })

  it('stats: syncCalls counts calls that started, syncErrors those that failed', async () => {
    const { cache, clock, calls } = world({ retry: { factor: 1 }, answer: () => 'wait' })
    cache.start()
    cache.getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(0)
    expect(cache.stats()).toMatchObject({ syncCalls: 1, syncErrors: 0 })
    calls[0]?.fail(new Error('down'))
    await clock.advance(0)
    expect(cache.stats()).toMatchObject({ syncCalls: 1, syncErrors: 1 })
    await clock.advance(1000)
    const started = cache.stats().syncCalls
    expect(started).toBeGreaterThan(1)
    expect(started).toBe(calls.length)
    for (const call of calls) call.answer([])
    await clock.advance(0)
    expect(cache.stats().syncErrors).toBe(1)
  })

  it('stats: a timeout is an error, a `fail` of an item is none', async () => {
    const { cache, clock } = world({
      timeout: 100,
      interval: Infinity,
      batchSize: 1,
      answer: ([entry]) => (entry?.id === 'slow' ? 'wait' : [{ id: 'bad', action: 'fail', error: 1 }]),
    })
    cache.start()
    cache.getOrCreate('slow', running())
    cache.getOrCreate('bad', running())
    await clock.advance(100)
    expect(cache.stats()).toMatchObject({ syncCalls: 2, syncErrors: 1 })
  })

  it('stats: refreshedItems counts the items for which a sync succeeded', async () => {
    const { cache, clock } = world({
      interval: Infinity,
      answer: () => [
        { id: 'changed', item: running(1) },
        { id: 'unchanged', action: 'unchanged' },
        { id: 'failed', action: 'fail', error: 1 },
      ],
    })
    cache.start()
    for (const id of ['changed', 'unchanged', 'failed']) cache.getOrCreate(id, running())
    await clock.advance(0)
    expect(cache.stats().refreshedItems).toBe(2)
  })

  it('stats: refreshedItems does not rise with a call that fails', async () => {
    const { cache, clock } = world({ answer: () => Promise.reject(new Error('down')) })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(cache.stats()).toMatchObject({ refreshedItems: 0, syncErrors: 1 })
  })

  it('stats: refreshedItems counts nothing that went: by the answer, or while its call ran', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    cache.start()
    for (const id of ['gone', 'deleted', 'marked']) cache.getOrCreate(id, running())
    await clock.advance(10)
    cache.delete('deleted')
    cache.deleteDelayed('marked')
    lastCall().answer([{ id: 'gone', action: 'delete' }])
    await clock.advance(0)
    expect(cache.stats()).toMatchObject({ size: 0, refreshedItems: 0 })
  })

  it('stats: refreshedItems rises with every call', async () => {
    const { cache, clock } = world({ answer: stepped })
    cache.start().getOrCreate('a', running())
    await clock.advance(4000)
    expect(cache.stats()).toMatchObject({ refreshedItems: 5, syncCalls: 5 })
  })

  it('stats, D21: evictions counts what went to make room, and no deletion', async () => {
    const w = world({ policies: [lru(2), expiry({ terminalTtl: 1 })], isTerminal, gcTime: 10 })
    for (const id of ['a', 'b', 'c']) w.cache.getOrCreate(id, running())
    expect(w.cache.stats().evictions).toBe(1)
    w.cache.delete('b')
    w.cache.delete('c')
    w.cache.getOrCreate('d', done())
    createUnobserved(w, 'e')
    w.cache.start()
    await w.clock.advance(10)
    expect(w.cache.stats()).toMatchObject({ size: 0, evictions: 1 })
  })

  it('stats: runningCalls is the number of calls that occupy a slot', async () => {
    const { cache, clock, calls } = world({
      batchSize: 1,
      concurrency: 2,
      interval: Infinity,
      answer: () => 'wait',
    })
    cache.start()
    for (const id of ['a', 'b', 'c']) cache.getOrCreate(id, running())
    await clock.advance(0)
    expect(cache.stats().runningCalls).toBe(2)
    calls[0]?.answer([])
    await clock.advance(0)
    expect(cache.stats().runningCalls).toBe(2)
    calls[1]?.fail(new Error('down'))
    calls[2]?.answer([])
    await clock.advance(0)
    expect(cache.stats().runningCalls).toBe(0)
  })

  it('stats: runningCalls falls with a timeout', async () => {
    const { cache, clock } = world({ timeout: 100, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(99)
    expect(cache.stats().runningCalls).toBe(1)
    await clock.advance(1)
    expect(cache.stats().runningCalls).toBe(0)
  })

  it('stats, L4: an aborted call that still runs keeps its slot', async () => {
    const { cache, clock, calls } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const stopped = cache.stop()
    expect(cache.stats().runningCalls).toBe(1)
    calls[0]?.answer([])
    await stopped
    expect(cache.stats().runningCalls).toBe(0)
  })

  it('stats: waitingItems is the number of items that are due and wait for their call', async () => {
    const { cache, clock, calls } = world({
      batchSize: 1,
      concurrency: 1,
      interval: Infinity,
      answer: () => 'wait',
    })
    cache.start()
    for (const id of ['a', 'b', 'c']) cache.getOrCreate(id, running())
    await clock.advance(0)
    expect(cache.stats().waitingItems).toBe(2)
    calls[0]?.answer([])
    await clock.advance(0)
    expect(cache.stats().waitingItems).toBe(1)
    calls[1]?.answer([])
    await clock.advance(0)
    expect(cache.stats().waitingItems).toBe(0)
  })

  it('stats: an item that was deleted, or is terminal, waits no more', async () => {
    const { cache, clock } = world({ batchSize: 1, concurrency: 1, isTerminal, answer: () => 'wait' })
    cache.start()
    for (const id of ['a', 'b', 'c', 'd']) cache.getOrCreate(id, running())
    await clock.advance(0)
    expect(cache.stats().waitingItems).toBe(3)
    cache.delete('d')
    expect(cache.stats().waitingItems).toBe(2)
    cache.update('c', done())
    expect(cache.stats().waitingItems).toBe(1)
  })

  it('stats: an item that is not due does not wait', async () => {
    const { cache, clock } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    expect(cache.stats().waitingItems).toBe(0)
  })

  it('stats: subscribers counts subscriptions, of present and absent ids, `until` and `watch` included', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    const leave = [
      cache.subscribe('a', nothing),
      cache.subscribe('a', nothing),
      cache.subscribe('a', nothing, { activity: true }),
      cache.subscribe('absent', nothing),
    ]
    expect(cache.stats().subscribers).toBe(4)
    const controller = new AbortController()
    until(cache, 'a', undefined, { signal: controller.signal }).catch(nothing)
    const reader = watch(cache, 'a')
    await reader.next()
    void reader.next()
    await clock.advance(0)
    expect(cache.stats().subscribers).toBe(6)
    controller.abort()
    await reader.return?.()
    await clock.advance(0)
    expect(cache.stats().subscribers).toBe(4)
    for (const each of leave) each()
    for (const each of leave) each()
    expect(cache.stats().subscribers).toBe(0)
  })

  it('stats: a subscriber stays one when the item is deleted', () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    const leave = cache.subscribe('a', nothing)
    cache.delete('a')
    expect(cache.stats().subscribers).toBe(1)
    leave()
    expect(cache.stats().subscribers).toBe(0)
  })

  it('stats: the counters go on over a stop and a start', async () => {
    const { cache, clock } = world()
    cache.start().getOrCreate('a', running())
    cache.get('a')
    await clock.advance(0)
    await cache.stop()
    expect(cache.stats()).toMatchObject({ size: 1, hits: 1, syncCalls: 1, refreshedItems: 1 })
    cache.start()
    await clock.advance(1000)
    expect(cache.stats()).toMatchObject({ size: 1, hits: 1, syncCalls: 2, refreshedItems: 2 })
  })

  it('stats: asking for them changes nothing', async () => {
    const { cache, clock, events } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const before = [cache.stats(), cache.getSnapshot('a'), events.length]
    expect([cache.stats(), cache.getSnapshot('a'), events.length]).toEqual(before)
  })
})

describe('hits and misses', () => {
  it('W9: get and getOrThrow count them', () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    cache.get('a')
    cache.get('a')
    cache.getOrThrow('a')
    cache.get('b')
    expect(() => cache.getOrThrow('b')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
    expect(cache.stats()).toMatchObject({ hits: 3, misses: 2 })
  })

  it('W9: falsy items are hits', () => {
    const { cache } = world<unknown>()
    cache.getOrCreate('a', 0)
    cache.getOrCreate('b', '')
    cache.get('a')
    cache.getOrThrow('b')
    expect(cache.stats()).toMatchObject({ hits: 2, misses: 0 })
  })

  it('W9: nothing else counts', async () => {
    const { cache, clock } = world({ answer: stepped })
    cache.start().getOrCreate('a', running())
    cache.getOrCreate('a', running())
    cache.has('a')
    cache.has('b')
    cache.getSnapshot('a')
    cache.getSnapshot('b')
    cache.update('a', running(1))
    cache.update('b', running(1))
    cache.delete('b')
    cache.deleteDelayed('b')
    cache.inProcessing('a')
    cache.subscribe('a', () => {})
    cache.ingest([{ id: 'a', item: running(4) }])
    void [...cache.ids()]
    await cache.refresh('a')
    await clock.advance(5000)
    expect(cache.stats()).toMatchObject({ hits: 0, misses: 0 })
  })
})
