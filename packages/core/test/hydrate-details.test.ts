import { dehydrate, hydrate } from '@auto-refresh/core'
import { ItemObserver, stateOf } from '@auto-refresh/core/adapter'
import { VirtualClock } from '@auto-refresh/core/testing'
import { describe, expect, it } from 'vitest'
import { running, world, type Job, type World } from './world.ts'

/** A server's cache that has refreshed `a` 100 ms ago; the next refresh is in 900 ms. */
async function server(options: Parameters<typeof world<Job>>[0] = {}): Promise<World<Job>> {
  const w = world({ jitter: 0, ...options })
  w.cache.start().getOrCreate('a', running(1))
  await w.clock.advance(100)
  return w
}

const state = (given: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  id: 'a',
  failureCount: 0,
  unchangedCount: 0,
  ...given,
})

const firstFrame = ({ cache }: World<Job>, id = 'a') => new ItemObserver<Job>().readInitial({ cache, id })

describe('what a server sends', () => {
  it('E1, E4: the time until the next refresh, and no error where there is none', async () => {
    const { cache } = await server()
    expect(dehydrate(cache).states).toMatchObject([
      { id: 'a', item: running(1), age: 100, next: 900, error: undefined },
    ])
    const page = world()
    hydrate(page.cache, dehydrate(cache))
    expect(page.cache.getSnapshot('a').error).toBeUndefined()
    page.cache.getOrCreate('a')
    expect(stateOf(page.cache, 'a')).toMatchObject({ age: 100, next: 900 })
  })

  it('E1, E4: an item that was never refreshed has no age on the page either', async () => {
    const { cache } = world()
    cache.getOrCreate('a')
    const page = world()
    await page.clock.advance(5000)
    hydrate(page.cache, dehydrate(cache))
    expect(stateOf(page.cache, 'a')).toMatchObject({ item: undefined, age: undefined })
    expect(page.cache.getSnapshot('a').refreshedAt).toBeUndefined()
  })

  it('E4: ages count on from a wall clock of 0, too', () => {
    const { cache } = world({ clock: new VirtualClock(0) })
    cache.getOrCreate('a', running())
    const { at } = dehydrate(cache)
    expect(at).toBe(0)
    const page = world({ clock: new VirtualClock(2000) })
    hydrate(page.cache, { version: 1, at, states: [state({ item: running(1), age: 100 })] })
    expect(stateOf(page.cache, 'a')?.age).toBe(2100)
  })

  it.each<[string, unknown]>([
    ['missing', undefined],
    ['null', null],
    ['a text', '5'],
    ['a negative number', -1],
    ['not a number', Number.NaN],
  ])('E4: ages are as they were sent if the time of sending is %s', (_, at) => {
    const { cache } = world()
    hydrate(cache, { version: 1, at, states: [state({ item: running(1), age: 100 })] })
    expect(stateOf(cache, 'a')?.age).toBe(100)
  })
})

describe('the first frame of a page that was hydrated', () => {
  it('A13: has the times of what the cache took over', () => {
    const w = world()
    hydrate(w.cache, { version: 1, states: [state({ item: running(1), age: 100 })] })
    expect(firstFrame(w)).toMatchObject({
      status: 'active',
      item: running(1),
      createdAt: 1_000_000,
      refreshedAt: 999_900,
    })
  })

  it('A13: shows an item without a value as pending, though a listener deleted it at once', () => {
    const w = world()
    w.cache.onEvent(({ type }) => void (type === 'created' && w.cache.delete('a')))
    hydrate(w.cache, { version: 1, states: [state()] })
    expect(w.cache.has('a')).toBe(false)
    expect(firstFrame(w)).toMatchObject({ status: 'pending', item: undefined })
  })

  it.each([
    ['failures', { failureCount: 3, error: 'busy' }],
    ['error', { failureCount: 1, error: 'gone' }],
  ])('A13, E2: shows the %s that came last, though the cache has newer ones', (_, last) => {
    const w = world()
    const item = running(1)
    const newer = { failureCount: 1, error: 'busy' }
    hydrate(w.cache, { version: 1, states: [state({ item, age: 100, ...newer })] })
    hydrate(w.cache, { version: 1, states: [state({ item, age: 200, ...last })] })
    expect(w.cache.getSnapshot('a')).toMatchObject(newer)
    expect(firstFrame(w)).toMatchObject({ status: 'active', item, ...last })
  })
})

describe('a page whose policy refuses an item', () => {
  it('E2, E4, C3: it is skipped, and its neighbours are taken', () => {
    const admit = (id: string): void => {
      if (id === 'refused') throw new Error('no room')
    }
    const { cache } = world({ policies: [() => ({ admit })] })
    const states = ['before', 'refused', 'after'].map((id) => state({ id, item: running(1) }))
    hydrate(cache, { version: 1, states })
    expect([...cache.ids()]).toEqual(['before', 'after'])
  })
})
