import { AutoRefreshError, until, watch, type InMemoryAutoRefresh } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { log, times, typesOf, untyped } from './scheduling.ts'
import { settlementOf } from './settlement.ts'
import { done, isTerminal, running, stepped, unchanged, world, type Job } from './world.ts'

type Cache = InMemoryAutoRefresh<Job>

const codeOf = (error: unknown): unknown => (error instanceof AutoRefreshError ? error.code : error)

/** Ways to bring the first value, besides the answer of a call. */
const bringers: readonly (readonly [string, (cache: Cache, item: Job) => unknown])[] = [
  ['update', (cache, item) => cache.update('a', item)],
  ['getOrCreate', (cache, item) => cache.getOrCreate('a', item)],
  ['ingest', (cache, item) => cache.ingest([{ id: 'a', item }])],
]

describe('an item that is created by its id alone', () => {
  it('P1: it is pending, and getOrCreate returns undefined', () => {
    const { cache, events } = world()
    expect(cache.getOrCreate('a')).toBeUndefined()
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'pending', item: undefined })
    expect(events).toEqual([{ type: 'created', id: 'a', item: undefined }])
  })

  it.each([
    ['by default', {}],
    ['without syncOnCreate', { syncOnCreate: false }],
    ['with an endless interval', { interval: Infinity }],
  ])('P1: it is fetched at once, %s', async (_, options) => {
    const { cache, clock, calls } = world({ answer: stepped, ...options })
    cache.start().getOrCreate('a')
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a'])
    expect(calls[0]?.batch[0]).toEqual({ id: 'a', item: undefined })
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'active', item: running(1) })
  })

  it('P1: it shares its first call within `batchWindow`', async () => {
    const { cache, clock, calls } = world({ batchWindow: 50, answer: stepped })
    cache.start().getOrCreate('a')
    await clock.advance(20)
    cache.getOrCreate('b', running())
    await clock.advance(30)
    expect(log(calls)).toEqual(['50 a b'])
  })

  it('P1: the id of a present item returns that item', () => {
    const { cache } = world()
    const item = cache.getOrCreate('a', running(3))
    expect(cache.getOrCreate('a')).toBe(item)
    expect(cache.getOrCreate('a', untyped(undefined))).toBe(item)
  })

  it('P1: asked for again, it is still one item and one call', async () => {
    const { cache, clock, calls, events } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a')
    expect(cache.getOrCreate('a')).toBeUndefined()
    await clock.advance(0)
    expect(cache.getOrCreate('a')).toBeUndefined()
    await clock.advance(0)
    expect(calls).toHaveLength(1)
    expect(typesOf(events).filter((type) => type === 'created')).toHaveLength(1)
  })

  it('P1: an explicit undefined is as if left out', () => {
    const { cache } = world()
    expect(cache.getOrCreate('a', untyped(undefined))).toBeUndefined()
    expect(cache.getSnapshot('a').status).toBe('pending')
  })

  it('P1, W1: null is a TypeError, and leaves the item pending', () => {
    const { cache } = world()
    cache.getOrCreate('a')
    expect(() => cache.getOrCreate('a', untyped(null))).toThrow(TypeError)
    expect(() => cache.update('a', untyped(null))).toThrow(TypeError)
    expect(() => cache.update('a', untyped(undefined))).toThrow(TypeError)
    expect(cache.getSnapshot('a').status).toBe('pending')
  })

  it('P1, W11: getOrCreate gives it its first value, with the validator', async () => {
    const { cache, clock, lastCall } = world()
    const item = running(5)
    cache.start().getOrCreate('a')
    expect(cache.getOrCreate('a', item, { validator: 'v5' })).toBe(item)
    expect(cache.getOrCreate('a', running(6), { validator: 'v6' })).toBe(item)
    await clock.advance(0)
    expect(lastCall().batch).toEqual([{ id: 'a', item, validator: 'v5' }])
  })

  it('W1, P7: a subscription’s item with a value keeps it when getOrCreate makes it the application’s', async () => {
    const { cache, clock } = world({ answer: stepped })
    cache.start().subscribe('a', () => {}, { create: true })
    await clock.advance(0)
    expect(cache.getOrCreate('a', running(99))).toEqual(running(1))
    expect(cache.get('a')).toEqual(running(1))
  })

  it('P1: getOrThrow says whether there is no item, or no value yet', () => {
    const { cache } = world()
    cache.getOrCreate('a')
    expect(() => cache.getOrThrow('a')).toThrow('"a" has no value yet')
    expect(() => cache.getOrThrow('b')).toThrow('there is no item "b"')
  })

  it('P1: the value of getOrCreate is no newer than an answer under way', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a')
    await clock.advance(0)
    cache.getOrCreate('a', running(5))
    lastCall().answer([{ id: 'a', item: running(1) }])
    await clock.advance(0)
    expect(cache.get('a')).toEqual(running(1))
  })
})

describe('the snapshot of a pending item', () => {
  it('P2: it counts in `has`, `ids` and `size`', () => {
    const { cache } = world()
    cache.getOrCreate('a')
    expect([cache.has('a'), cache.size, [...cache.ids()]]).toEqual([true, 1, ['a']])
  })

  it('P2: `get` returns undefined, and every read is a miss', () => {
    const { cache } = world()
    cache.getOrCreate('a')
    expect(cache.get('a')).toBeUndefined()
    expect(() => cache.getOrThrow('a')).toThrow(AutoRefreshError)
    expect(cache.stats()).toMatchObject({ hits: 0, misses: 2 })
  })

  it('P2: `getOrThrow` throws NOT_FOUND, and says that it has no value yet', () => {
    const { cache } = world()
    cache.getOrCreate('a')
    const thrown = ((): unknown => {
      try {
        return cache.getOrThrow('a')
      } catch (error) {
        return error
      }
    })()
    expect(codeOf(thrown)).toBe('NOT_FOUND')
    expect(String(thrown)).toContain('has no value yet')
  })

  it('P2: its snapshot has a creation, and no change', () => {
    const { cache } = world()
    cache.getOrCreate('a')
    expect(cache.getSnapshot('a')).toMatchObject({
      isDeleting: false,
      error: undefined,
      failureCount: 0,
      createdAt: 1_000_000,
      changedAt: undefined,
      refreshedAt: undefined,
    })
    expect(cache.getSnapshot('a')).toBe(cache.getSnapshot('a'))
  })

  it('P3: isTerminal, equals and conditions are never called without a value', async () => {
    const seen: unknown[] = []
    const { cache, clock } = world({
      isTerminal: (job) => seen.push(job) < 0,
      equals: (previous, next) => seen.push(previous, next) < 0,
      answer: (batch, call) => (call.at < 2000 ? unchanged(batch) : stepped(batch)),
    })
    cache.start().getOrCreate('a')
    const outcome = settlementOf(until(cache, 'a', (job) => seen.push(job) > 0))
    await clock.advance(1000)
    expect(seen).toEqual([])
    expect(outcome.now).toBe('pending')
    await clock.advance(3000)
    expect(outcome.now).toEqual(running(1))
    expect(seen).not.toContain(undefined)
  })

  it('P3, S2: an interval function sees that it is pending, when its first call has settled', async () => {
    const asked: unknown[] = []
    const { cache, clock } = world({
      syncOnCreate: false,
      interval: ({ status, item, failureCount }) => {
        asked.push([status, item, failureCount])
        return 1000
      },
    })
    cache.start().getOrCreate('a')
    expect(asked).toEqual([])
    await clock.advance(0)
    expect(asked).toEqual([['pending', undefined, 1]])
  })

  it('P2, W5: a pending item can be deleted, at once or when it is due', async () => {
    const { cache, clock, calls, events } = world()
    cache.start().getOrCreate('a')
    cache.getOrCreate('b')
    expect(cache.delete('a')).toBe(true)
    expect(cache.deleteDelayed('b')).toBe(true)
    await clock.advance(0)
    expect(cache.size).toBe(0)
    expect(calls).toEqual([])
    expect(events.slice(-2)).toEqual([
      { type: 'deleted', id: 'a', item: undefined, reason: 'deleted' },
      { type: 'deleted', id: 'b', item: undefined, reason: 'delayed' },
    ])
  })
})

describe('the first value', () => {
  it.each(bringers)('P4: %s makes the item active, and tells it as updated', async (_, bring) => {
    const { cache, clock, events } = world({ isTerminal })
    cache.getOrCreate('a')
    await clock.advance(0)
    let told = 0
    cache.subscribe('a', () => (told += 1))
    bring(cache, running(4))
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'active', item: running(4), changedAt: 1_000_000 })
    expect(events.at(-1)).toEqual({ type: 'updated', id: 'a', item: running(4) })
    expect(told).toBe(1)
  })

  it.each([['an answer', (cache: Cache) => cache.start()] as const, ...bringers])(
    'P4: %s that is terminal is told as updated, then terminal',
    async (_, bring) => {
      const { cache, clock, events } = world({ isTerminal, answer: () => [{ id: 'a', item: done(4) }] })
      cache.getOrCreate('a')
      bring(cache, done(4))
      await clock.advance(0)
      expect(cache.getSnapshot('a').status).toBe('terminal')
      const ofItem = events.filter((event) => event.type !== 'created' && 'id' in event)
      expect(typesOf(ofItem)).toEqual(['updated', 'terminal'])
    },
  )

  it.each(bringers.slice(0, 2))('P4: %s moves no due time', async (_, bring) => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a')
    await clock.advance(400)
    const before = cache.getSnapshot('a').nextRefreshAt
    bring(cache, running(4))
    expect(before).toBe(1_001_000)
    expect(cache.getSnapshot('a').nextRefreshAt).toBe(before)
    await clock.advance(600)
    expect(times(calls)).toEqual([0, 1000])
  })

  it.each(bringers.slice(0, 2))('P4: after %s the item is still due at once', async (_, bring) => {
    const { cache, clock, calls } = world({ syncOnCreate: false })
    cache.start().getOrCreate('a')
    bring(cache, running(4))
    await clock.advance(0)
    expect(times(calls)).toEqual([0])
  })

  it('P4, W10: ingest moves it to one interval from now', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a')
    cache.ingest([{ id: 'a', item: running(4) }])
    await clock.advance(999)
    expect(calls).toEqual([])
    await clock.advance(1)
    expect(times(calls)).toEqual([1000])
  })

  it('P4, S6: a terminal one that comes before the first call makes that call needless', async () => {
    const { cache, clock, calls } = world({ isTerminal })
    cache.start().getOrCreate('a')
    cache.update('a', done())
    await clock.advance(5000)
    expect(calls).toEqual([])
  })

  it.each(bringers.filter(([name]) => name !== 'getOrCreate'))(
    'P4, W6: %s during the first call wins over its answer',
    async (_, bring) => {
      const { cache, clock, lastCall } = world({ answer: () => 'wait' })
      cache.start().getOrCreate('a')
      await clock.advance(0)
      bring(cache, running(5))
      lastCall().answer([{ id: 'a', item: running(1) }])
      await clock.advance(0)
      expect(cache.get('a')).toEqual(running(5))
    },
  )

  it('P4: until and watch wait for it', async () => {
    const { cache, clock } = world({ isTerminal })
    cache.getOrCreate('a')
    const outcome = settlementOf(until(cache, 'a', ({ step }) => step === 4))
    const values = watch(cache, 'a')
    const first = settlementOf(values.next())
    await clock.advance(0)
    expect([outcome.now, first.now]).toEqual(['pending', 'pending'])
    cache.update('a', running(4))
    await clock.advance(0)
    expect(outcome.now).toEqual(running(4))
    expect(first.now).toEqual({ done: false, value: running(4) })
    await values.return?.()
  })
})
