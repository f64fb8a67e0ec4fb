import { dehydrate, hydrate } from '@auto-refresh/core'
import { stateOf } from '@auto-refresh/core/adapter'
import { describe, expect, it } from 'vitest'
import { failed } from './scheduling.ts'
import { done, isTerminal, running, stepped, world, type World, type Job } from './world.ts'

/** A server's cache that has refreshed `a` and `b` once, 100 ms ago. */
async function server(): Promise<World<Job>> {
  const w = world({ answer: stepped, isTerminal })
  w.cache.start()
  w.cache.getOrCreate('a', running())
  w.cache.getOrCreate('b', running(7))
  await w.clock.advance(100)
  return w
}

const throughJson = (data: unknown): unknown => JSON.parse(JSON.stringify(data))

const entry = (given: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  id: 'a',
  item: running(5),
  failureCount: 0,
  unchangedCount: 0,
  age: 100,
  ...given,
})

const message = (...states: unknown[]): unknown => ({ version: 1, states })

describe('from a server to a page', () => {
  it('carries values, their order, and when they were refreshed, through JSON', async () => {
    const { cache: onServer } = await server()
    const data = throughJson(dehydrate(onServer))
    const page = world()
    hydrate(page.cache, data)
    expect([...page.cache.ids()]).toEqual(['a', 'b'])
    expect(page.cache.get('a')).toEqual(running(1))
    expect(page.cache.getSnapshot('b')).toMatchObject({
      status: 'active',
      item: running(8),
      refreshedAt: page.clock.epoch() - 100,
    })
  })

  it('carries the ids that are named, and leaves out absent ones', async () => {
    const { cache } = await server()
    expect(dehydrate(cache, ['b', 'absent']).states.map(({ id }) => id)).toEqual(['b'])
  })

  it('carries a terminal item and one without a value', async () => {
    const onServer = world({ isTerminal })
    onServer.cache.getOrCreate('a', done(3))
    onServer.cache.getOrCreate('b')
    const page = world({ isTerminal })
    hydrate(page.cache, throughJson(dehydrate(onServer.cache)))
    expect(page.cache.getSnapshot('a')).toMatchObject({ status: 'terminal', item: done(3) })
    expect(page.cache.getSnapshot('b').status).toBe('pending')
  })

  it('tells the page that there was an error, but not which', async () => {
    const { cache, clock } = world({
      answer: (batch) => batch.map(({ id }) => failed(id, new Error('password=secret'))),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const data = dehydrate(cache)
    expect(data.states).toMatchObject([{ error: { message: 'failed on the server' }, failureCount: 1 }])
    expect(JSON.stringify(data)).not.toContain('secret')
  })

  it('gives an overdue item a delay of 0, so that the page accepts it', async () => {
    const { cache, clock } = await server()
    await cache.stop()
    await clock.advance(60_000)
    for (const { next } of dehydrate(cache).states) expect(next ?? 0).toBeGreaterThanOrEqual(0)
    const page = world()
    hydrate(page.cache, throughJson(dehydrate(cache)))
    expect(page.cache.size).toBe(2)
  })

  it('P7: an item that it brings belongs to subscribers, and goes after gcTime without one', async () => {
    const { cache, clock, calls } = world({ gcTime: 5000 })
    cache.start()
    hydrate(cache, message(entry(), entry({ id: 'b' })))
    cache.subscribe('b', () => undefined)
    await clock.advance(10_000)
    expect([...cache.ids()]).toEqual(['b'])
    expect(new Set(calls.flatMap(({ ids }) => ids))).toEqual(new Set(['b']))
  })

  it('leaves a value that is newer', async () => {
    const { cache } = await server()
    hydrate(cache, message(entry({ age: 101 }), entry({ id: 'b', age: 99 })))
    expect(cache.get('a')).toEqual(running(1))
    expect(cache.get('b')).toEqual(running(5))
  })
})

describe('data that is not to be trusted', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a string', 'states'],
    ['an array', [entry()]],
    ['no version', { states: [entry()] }],
    ['another version', { version: 2, states: [entry()] }],
    ['a version that is a string', { version: '1', states: [entry()] }],
    ['no states', { version: 1 }],
    ['states that are no array', { version: 1, states: { 0: entry(), length: 1 } }],
  ])('is ignored as a whole: %s', (_, data) => {
    const { cache } = world()
    hydrate(cache, data)
    expect(cache.size).toBe(0)
  })

  it.each<[string, unknown]>([
    ['null', null],
    ['a number', 5],
    ['no id', entry({ id: undefined })],
    ['an id that is a number', entry({ id: 5 })],
    ['an id of 10,001 characters', entry({ id: 'x'.repeat(10_001) })],
    ['an item that is null', entry({ item: null })],
    ['a negative age', entry({ age: -1 })],
    ['an age that is a string', entry({ age: '100' })],
    ['an age that is not a number', entry({ age: Number.NaN })],
    ['an age without end', entry({ age: Infinity })],
    ['an age that is null', entry({ age: null })],
    ['a negative delay', entry({ next: -1 })],
    ['a delay without end', entry({ next: Infinity })],
    ['no count of failures', entry({ failureCount: undefined })],
    ['half a failure', entry({ failureCount: 0.5 })],
    ['a negative count', entry({ unchangedCount: -1 })],
  ])('loses one entry, and its neighbours stay: %s', (_, bad) => {
    const { cache } = world()
    hydrate(cache, message(entry({ id: 'before' }), bad, entry({ id: 'after' })))
    expect([...cache.ids()]).toEqual(['before', 'after'])
  })

  it.each(['', '__proto__', 'constructor', 'x'.repeat(10_000)])('L7: accepts any other id: %#', (id) => {
    const { cache } = world()
    hydrate(cache, throughJson(message(entry({ id }))))
    expect(cache.get(id)).toEqual(running(5))
  })

  it('E4: ages count on by the wall clock, and never fall below what was sent', () => {
    const sent = (at: number): unknown => ({ version: 1, at, states: [entry({ age: 100, next: 5000 })] })
    for (const [at, age, next] of [
      [1_000_000 - 2000, 2100, 3000],
      [1_000_000 - 60_000, 60_100, 0],
      [1_000_000 + 60_000, 100, 5000],
    ] as const) {
      const { cache } = world()
      hydrate(cache, sent(at))
      cache.getOrCreate('a')
      expect(stateOf(cache, 'a')).toMatchObject({ age, next })
    }
  })

  it('E4: an error comes out as an Error', () => {
    const { cache } = world()
    hydrate(cache, message(entry({ error: { message: 'failed on the server' }, failureCount: 1 })))
    expect(cache.getSnapshot('a').error).toEqual(new Error('failed on the server'))
    hydrate(cache, message(entry({ id: 'b', error: { message: 5 }, failureCount: 1 })))
    expect(cache.getSnapshot('b').error).toEqual(new Error(''))
  })

  it('is read up to 100,000 items', () => {
    const { cache } = world()
    const states = Array.from({ length: 100_001 }, (_, index) => entry({ id: `i${index}` }))
    hydrate(cache, { version: 1, states })
    expect(cache.size).toBe(100_000)
    expect(cache.has('i100000')).toBe(false)
  })
})
