import type { AutoRefresh } from '@auto-refresh/core'
import {
  adopt,
  observerCount,
  refreshIds,
  settled,
  stateOf,
  type ItemState,
} from '@auto-refresh/core/adapter'
import { describe, expect, it } from 'vitest'
import { failed } from './scheduling.ts'
import { settlementOf } from './settlement.ts'
import { done, isTerminal, running, stepped, world, type Job } from './world.ts'

const state = (given: Partial<ItemState<Job>> = {}): ItemState<Job> => ({
  id: 'a',
  item: running(5),
  validator: undefined,
  error: undefined,
  failureCount: 0,
  unchangedCount: 0,
  age: 100,
  next: undefined,
  ...given,
})

describe('stateOf', () => {
  it('is undefined for an absent id', () => {
    expect(stateOf(world().cache, 'a')).toBeUndefined()
  })

  it('has the ages and delays of an item in ms', async () => {
    const { cache, clock } = world({
      answer: (batch) => batch.map(({ id }) => ({ id, item: running(1), validator: 'etag' })),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(300)
    expect(stateOf(cache, 'a')).toEqual(state({ item: running(1), validator: 'etag', age: 300, next: 700 }))
  })

  it('has neither value nor age for a pending item, but its error', async () => {
    const error = new Error('busy')
    const { cache, clock } = world({ answer: (batch) => batch.map(({ id }) => failed(id, error)) })
    cache.start().getOrCreate('a')
    await clock.advance(0)
    expect(stateOf(cache, 'a')).toMatchObject({ item: undefined, age: undefined, error, failureCount: 1 })
  })

  it('has no next refresh for a terminal item', () => {
    const { cache } = world({ isTerminal })
    cache.getOrCreate('a', done())
    expect(stateOf(cache, 'a')).toMatchObject({ item: done(), next: undefined })
  })
})

describe('adopt', () => {
  it('creates an item that belongs to its subscribers: without one it goes after gcTime', async () => {
    const { cache, clock, calls } = world({ gcTime: 5000 })
    cache.start()
    adopt(cache, [state()])
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'active', item: running(5) })
    await clock.advance(4999)
    expect(cache.has('a')).toBe(true)
    expect(calls).toEqual([])
    await clock.advance(1)
    expect(cache.has('a')).toBe(false)
  })

  it('gives a pending item its first value', () => {
    const { cache } = world()
    cache.getOrCreate('a')
    adopt(cache, [state()])
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'active', item: running(5) })
  })

  it('replaces a value that is older, and leaves one that is newer', async () => {
    const { cache, clock } = world({ answer: stepped })
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    adopt(cache, [state({ age: 501 })])
    expect(cache.get('a')).toEqual(running(1))
    adopt(cache, [state({ age: 499 })])
    expect(cache.get('a')).toEqual(running(5))
  })

  it('skips an id in a running call', async () => {
    const { cache, clock } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    adopt(cache, [state({ age: 0 })])
    expect(cache.get('a')).toEqual(running())
  })

  it('W7: does not reopen a terminal item', () => {
    const { cache } = world({ isTerminal })
    cache.getOrCreate('a', done())
    adopt(cache, [state({ age: 0 })])
    expect(cache.get('a')).toEqual(done())
  })

  it('W8: keeps the present reference of an equal value', async () => {
    const { cache, clock } = world()
    const item = running(5)
    cache.start().getOrCreate('a', item)
    await clock.advance(500)
    adopt(cache, [state({ age: 0 })])
    expect(cache.get('a')).toBe(item)
  })

  it('asks no interval', () => {
    let asked = 0
    const { cache } = world({
      interval: () => {
        asked += 1
        return 1000
      },
    })
    cache.start()
    adopt(cache, [state({ next: 500 })])
    expect(asked).toBe(0)
  })
})

describe('settled', () => {
  it('resolves at once if no call contains the id', async () => {
    const { cache } = world()
    await expect(settled(cache, 'a')).resolves.toBeUndefined()
  })

  it('resolves when the call that contains the id has settled, however it did', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const outcome = settlementOf(settled(cache, 'a'))
    const other = settlementOf(settled(cache, 'b'))
    await clock.advance(0)
    expect([outcome.now, other.now]).toEqual(['pending', undefined])
    lastCall().fail(new Error('down'))
    await clock.advance(0)
    expect(outcome.now).toBeUndefined()
  })
})

describe('observerCount', () => {
  it('counts the subscribers of one id', () => {
    const { cache } = world()
    const ends = [cache.subscribe('a', () => undefined), cache.subscribe('a', () => undefined)]
    cache.subscribe('b', () => undefined)
    expect([observerCount(cache, 'a'), observerCount(cache, 'absent')]).toEqual([2, 0])
    ends[0]?.()
    ends[0]?.()
    expect(observerCount(cache, 'a')).toBe(1)
  })
})

describe('a cache without a seam', () => {
  it.each([
    ['stateOf', (cache: AutoRefresh<Job>) => stateOf(cache, 'a')],
    ['adopt', (cache: AutoRefresh<Job>) => adopt(cache, [])],
    ['settled', (cache: AutoRefresh<Job>) => settled(cache, 'a')],
    ['observerCount', (cache: AutoRefresh<Job>) => observerCount(cache, 'a')],
    ['refreshIds', (cache: AutoRefresh<Job>) => refreshIds(cache, ['a'])],
  ])('%s throws a TypeError that names it', (name, call) => {
    const bare: AutoRefresh<Job> = new Proxy(world().cache, {
      get: (target, key): unknown => (key === 'adapterSeam' ? undefined : Reflect.get(target, key)),
    })
    expect(() => call(bare)).toThrow(new TypeError(`${name}: the cache has no adapter seam`))
  })
})
