import { hydrate } from '@auto-refresh/core'
import { IdsObserver, ItemObserver, ItemsObserver, StatusObserver } from '@auto-refresh/core/adapter'
import type { ItemSnapshot } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { done, endOfTurn, isTerminal, running, world, type Job } from './world.ts'

const itemObserver = () => new ItemObserver<Job>()
const itemsObserver = () => new ItemsObserver<Job>()
const ignore = (): void => undefined

describe('shown items are refreshed', () => {
  it('A12: an observer of an item retains its cache while it is attached and enabled', async () => {
    const { cache } = world()
    const observer = itemObserver()
    const end = observer.listen(ignore)
    observer.attach({ cache, id: 'a' })
    expect(cache.isRunning).toBe(true)
    observer.attach({ cache, id: 'b' })
    observer.attach({ cache, id: 'b', enabled: false })
    await endOfTurn()
    expect(cache.isRunning).toBe(false)
    observer.attach({ cache, id: 'b' })
    expect(cache.isRunning).toBe(true)
    end()
    await endOfTurn()
    expect(cache.isRunning).toBe(false)
  })

  it('A12: another cache is retained instead of the first', async () => {
    const [one, other] = [world(), world()]
    const observer = itemObserver()
    observer.listen(ignore)
    observer.attach({ cache: one.cache, id: 'a' })
    observer.attach({ cache: other.cache, id: 'a' })
    await endOfTurn()
    expect([one.cache.isRunning, other.cache.isRunning]).toEqual([false, true])
  })

  it('A12: an observer of a list, also of an empty one, retains its cache', async () => {
    const { cache } = world()
    const observer = itemsObserver()
    const end = observer.listen(ignore)
    observer.attach({ cache, ids: [] })
    expect(cache.isRunning).toBe(true)
    observer.attach({ cache, ids: ['a'], enabled: false })
    await endOfTurn()
    expect(cache.isRunning).toBe(false)
    observer.attach({ cache, ids: ['a'] })
    expect(cache.isRunning).toBe(true)
    end()
    await endOfTurn()
    expect(cache.isRunning).toBe(false)
  })

  it('A12: an observer of the ids retains its cache, and one of the status does not', async () => {
    const { cache } = world()
    const status = new StatusObserver<Job>()
    status.listen(ignore)
    status.attach(cache)
    expect(cache.isRunning).toBe(false)
    const ids = new IdsObserver<Job>()
    const end = ids.listen(ignore)
    ids.attach(cache)
    expect(cache.isRunning).toBe(true)
    end()
    await endOfTurn()
    expect(cache.isRunning).toBe(false)
  })

  it('A2, A12: if subscribing throws, nothing is retained', () => {
    const { cache } = world()
    const observer = itemObserver()
    observer.listen(ignore)
    expect(() => observer.attach({ cache, id: 'a', initialItem: null as unknown as Job })).toThrow(TypeError)
    expect(cache.isRunning).toBe(false)
  })
})

describe('listening that ends and begins again without a word about the target', () => {
  it('A18: the subscription of an item is back', async () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    const observer = itemObserver()
    const end = observer.listen(ignore)
    observer.attach({ cache, id: 'a' })
    end()
    expect(cache.stats().subscribers).toBe(0)
    const told: string[] = []
    observer.listen(() => told.push('told'))
    expect(cache.stats().subscribers).toBe(1)
    cache.update('a', running(1))
    await endOfTurn()
    expect(told.length).toBeGreaterThan(0)
  })

  it('A18: the subscriptions of a list are back', () => {
    const { cache } = world()
    const observer = itemsObserver()
    observer.listen(ignore)()
    observer.attach({ cache, ids: ['a', 'b'] })
    observer.listen(ignore)()
    expect(cache.stats().subscribers).toBe(0)
    observer.listen(ignore)
    expect(cache.stats().subscribers).toBe(2)
  })

  it('A18: that of the ids is back', async () => {
    const { cache } = world()
    const observer = new IdsObserver<Job>()
    observer.listen(ignore)
    observer.attach(cache)
    observer.listen(ignore)()
    const told: string[] = []
    observer.listen(() => told.push('told'))
    cache.getOrCreate('a', running())
    await endOfTurn()
    expect(told.length).toBeGreaterThan(0)
  })
})

describe('a change of the target', () => {
  it('A7: is not told if what was read of the new item is still so', () => {
    const { cache } = world()
    const told: string[] = []
    const observer = itemObserver()
    observer.listen(() => told.push('told'))
    const [first, second] = [
      { cache, id: 'a', create: true },
      { cache, id: 'b', create: true },
    ]
    for (const target of [first, second]) {
      expect(observer.read(target).status).toBe('pending')
      observer.attach(target)
    }
    expect(told).toEqual([])
  })

  it('A5: is told if the item changed since it was read', () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    const told: string[] = []
    const observer = itemObserver()
    observer.listen(() => told.push('told'))
    expect(observer.read({ cache, id: 'a' }).item).toEqual(running())
    cache.update('a', running(1))
    observer.attach({ cache, id: 'a' })
    expect(told).toEqual(['told'])
  })

  it('A5, A16: an observer of the ids is notified only if one came or went since they were read', () => {
    const { cache } = world()
    for (const isChanged of [false, true]) {
      const told: string[] = []
      const observer = new IdsObserver<Job>()
      observer.listen(() => told.push('told'))
      observer.read(cache)
      if (isChanged) cache.getOrCreate('a', running())
      observer.attach(cache)
      expect(told).toEqual(isChanged ? ['told'] : [])
    }
  })

  it('A7, A10: one id more in a list is told only if it changed since it was read', () => {
    const { cache } = world()
    for (const id of ['a', 'b', 'c']) cache.getOrCreate(id, running())
    const told: string[] = []
    const observer = itemsObserver()
    observer.listen(() => told.push('told'))
    const show = (...ids: string[]): void => {
      observer.read({ cache, ids })
      if (ids.length > 2) cache.update('c', running(1))
      observer.attach({ cache, ids })
    }
    show('a')
    show('a', 'b')
    expect(told).toEqual([])
    show('a', 'b', 'c')
    expect(told).toEqual(['told'])
  })
})

const state = (given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => ({
  failureCount: 0,
  unchangedCount: 0,
  ...given,
})
const message = (...states: unknown[]): unknown => ({ version: 1, states })

describe('the first frame of a page that a server rendered', () => {
  it('A13: shows what `hydrate` brought last, though the cache is ahead', () => {
    const { cache } = world({ isTerminal })
    hydrate(cache, message(state({ id: 'a', item: running(1) }), state({ id: 'b', item: done(2) })))
    const target = { cache, id: 'a', create: true, initialItem: running(9) }
    cache.update('a', running(5))
    const observer = itemObserver()
    expect(observer.readInitial(target).item).toEqual(running(1))
    expect(observer.readInitial(target)).toBe(observer.readInitial(target))
    expect(observer.read(target).item).toEqual(running(5))
    expect(observer.readInitial({ cache, id: 'b' })).toMatchObject({ status: 'terminal', item: done(2) })
    hydrate(cache, message(state({ id: 'a', item: running(6) })))
    expect(itemObserver().readInitial(target).item).toEqual(running(6))
  })

  it('A13: shows what was brought even if the cache knew better', () => {
    const { cache } = world({ isTerminal })
    cache.getOrCreate('a', running(3))
    cache.getOrCreate('b', running(3))
    cache.getOrCreate('c', running(3))
    const brought = [
      state({ id: 'a', item: done(1), error: 'x', failureCount: 1 }),
      state({ id: 'b', item: running(1) }),
      state({ id: 'c' }),
    ]
    hydrate(cache, message(...brought))
    const shown = ['a', 'b', 'c'].map((id) => itemObserver().readInitial({ cache, id }))
    expect(shown).toMatchObject([
      { status: 'terminal', item: done(1), failureCount: 1, error: 'x' },
      { status: 'active', item: running(1) },
      { status: 'pending', item: undefined },
    ])
    expect(cache.get('a')).toEqual(running(3))
  })

  it('A13: else an initial item, else pending, else missing', () => {
    const { cache } = world()
    cache.getOrCreate('a', running(5))
    const read = (options: object): ItemSnapshot<Job> =>
      itemObserver().readInitial({ cache, id: 'a', create: true, ...options })
    expect(read({ initialItem: running(2) }).item).toEqual(running(2))
    expect(read({}).status).toBe('pending')
    expect(read({ create: false, initialItem: running(2) }).status).toBe('missing')
    expect(read({ enabled: false }).status).toBe('missing')
    expect(read({ id: undefined }).status).toBe('missing')
  })

  it('A13: a field alone is read likewise', () => {
    const { cache } = world()
    cache.getOrCreate('a', running(5))
    expect(itemObserver().readInitial({ cache, id: 'a', create: true }).status).toBe('pending')
  })

  it('A13: a list shows the same for each id, and is one list', () => {
    const { cache } = world()
    hydrate(cache, message(state({ id: 'a', item: running(1) })))
    for (const id of ['a', 'b', 'c']) {
      cache.getOrCreate(id, running())
      cache.update(id, running(5))
    }
    const observer = itemsObserver()
    const initialItem = (id: string): Job | undefined => (id === 'b' ? running(2) : undefined)
    const target = { cache, ids: ['a', 'b', 'c', 'a'], create: true, initialItem }
    const list = observer.readInitial(target)
    expect(list.map(({ status, item }) => `${status} ${item?.step ?? '-'}`)).toEqual([
      'active 1',
      'active 2',
      'pending -',
      'active 1',
    ])
    expect(observer.readInitial(target)).toBe(list)
    expect(observer.readInitial({ cache, ids: ['c'] })[0]?.status).toBe('missing')
    expect(observer.read(target).map(({ item }) => item?.step)).toEqual([5, 5, 5, 5])
  })

  it('A13: a list keeps its elements and itself if the cache has the same', () => {
    const { cache } = world()
    hydrate(cache, message(state({ id: 'a', item: running(1) })))
    const observer = itemsObserver()
    const list = observer.readInitial({ cache, ids: ['a'] })
    expect(observer.read({ cache, ids: ['a'] })).toBe(list)
  })

  it('A13, A16: shows the ids that `hydrate` brought, and is one array', () => {
    const { cache } = world()
    const observer = new IdsObserver<Job>()
    expect(observer.readInitial(cache)).toEqual([])
    hydrate(cache, message(state({ id: 'b', item: running(1) }), state({ id: 'a', item: running(1) })))
    cache.getOrCreate('c', running())
    expect(observer.readInitial(cache)).toEqual(['b', 'a'])
    expect(observer.readInitial(cache)).toBe(observer.readInitial(cache))
    expect(observer.read(cache)).toEqual(['b', 'a', 'c'])
  })

  it('A13, A17: shows the status of a cache that does not run', () => {
    const { cache } = world()
    const stopped = cache.getStatus()
    cache.start()
    expect(new StatusObserver<Job>().readInitial()).toEqual(stopped)
  })

  it('A13: a cache without a seam shows initial items', () => {
    const { cache } = world()
    const bare = new Proxy(cache, {
      get: (target, name): unknown => {
        const value: unknown = name === 'adapterSeam' ? undefined : Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    expect(itemObserver().readInitial({ cache: bare, id: 'a', initialItem: running(1) }).item).toEqual(
      running(1),
    )
    expect(new IdsObserver<Job>().readInitial(bare)).toEqual([])
  })
})

describe('select', () => {
  it('A6: gets the snapshot and the id', () => {
    const { cache } = world()
    cache.getOrCreate('a', running(2))
    const observer = new ItemObserver<Job, string>()
    const select = ({ item }: ItemSnapshot<Job>, id: string | undefined): string => `${id}: ${item?.step}`
    expect(observer.read({ cache, id: 'a', select })).toBe('a: 2')
  })

  it('A6, A7: `equals` does not compare what was selected in another cache', () => {
    const [mine, yours] = [world().cache, world().cache]
    mine.getOrCreate('a', running(1))
    yours.getOrCreate('a', running(2))
    const same = { select: ({ item }: ItemSnapshot<Job>) => item?.step, equals: () => true }
    const item = new ItemObserver<Job, number | undefined>()
    const list = new ItemsObserver<Job, number | undefined>()
    for (const read of ['read', 'readInitial'] as const) {
      const shown = [mine, yours, mine].map((cache) => {
        hydrate(cache, message(state({ id: 'a', item: cache.get('a') })))
        return [item[read]({ ...same, cache, id: 'a' }), list[read]({ ...same, cache, ids: ['a'] })[0]]
      })
      expect(shown).toEqual([
        [1, 1],
        [2, 2],
        [1, 1],
      ])
    }
  })
})
