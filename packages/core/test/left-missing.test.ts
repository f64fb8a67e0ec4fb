import { hydrate, lru, type ItemSnapshot } from '@auto-refresh/core'
import { IdsObserver, ItemObserver, ItemsObserver } from '@auto-refresh/core/adapter'
import { describe, expect, it } from 'vitest'
import { endOfTurn, running, stepped, world, type Job, type World } from './world.ts'

type Cache = World<Job>['cache']
type Select = (snapshot: ItemSnapshot<Job>) => unknown

/** An observer of the item `a`, which creates it. */
interface Observed {
  readonly listen: () => () => void
  readonly attach: () => void
  readonly read: (select?: Select) => unknown
  readonly readInitial: () => unknown
}

const statusOf: Select = ({ status }) => status

const KINDS: readonly (readonly [string, (cache: Cache) => Observed])[] = [
  [
    'an item',
    (cache) => {
      const observer = new ItemObserver<Job, unknown>()
      const target = { cache, id: 'a', create: true }
      return {
        listen: () => observer.listen(() => undefined),
        attach: () => observer.attach(target),
        read: (select = statusOf) => observer.read({ ...target, select }),
        readInitial: () => observer.readInitial({ ...target, select: statusOf }),
      }
    },
  ],
  [
    'a list',
    (cache) => {
      const observer = new ItemsObserver<Job, unknown>()
      const target = { cache, ids: ['a'], create: true }
      return {
        listen: () => observer.listen(() => undefined),
        attach: () => observer.attach(target),
        read: (select = statusOf) => observer.read({ ...target, select })[0],
        readInitial: () => observer.readInitial({ ...target, select: statusOf })[0],
      }
    },
  ],
]

async function logOut(cache: Cache): Promise<void> {
  await cache.stop()
  cache.clear()
  await endOfTurn()
}

describe.each(KINDS)('%s that is cleared while it is shown', (_, observe) => {
  function shown() {
    const { cache } = world({ answer: stepped })
    cache.start()
    const observed = observe(cache)
    const end = observed.listen()
    observed.attach()
    return { cache, end, ...observed }
  }

  it('A2, G2: is created anew when listening resumes', async () => {
    const { cache, end, listen, read } = shown()
    await logOut(cache)
    end()
    cache.start()
    expect(read()).toBe('pending')
    listen()
    expect(cache.getSnapshot('a').status).toBe('pending')
  })

  it('A2, G2: is created anew, too, if listening ends in the same turn', async () => {
    const { cache, end, listen } = shown()
    await cache.stop()
    cache.clear()
    end()
    listen()
    expect(cache.has('a')).toBe(true)
  })

  it('A2: is not created anew if it was deleted before', async () => {
    const { cache, end, listen, read } = shown()
    cache.delete('a')
    await endOfTurn()
    await logOut(cache)
    end()
    cache.start()
    expect(read()).toBe('missing')
    listen()
    expect(cache.has('a')).toBe(false)
  })

  it('A2: is not created anew if it came back and was deleted then', async () => {
    const { cache, end, listen } = shown()
    await logOut(cache)
    cache.start()
    await endOfTurn()
    expect(cache.has('a')).toBe(true)
    cache.delete('a')
    end()
    listen()
    expect(cache.has('a')).toBe(false)
  })

  it('A6, G2: comes back at the next start though its activity was first read while it was missing', async () => {
    const { cache, read } = shown()
    await logOut(cache)
    expect(read(({ refreshedAt }) => refreshedAt)).toBeUndefined()
    await endOfTurn()
    expect(cache.stats().subscribers).toBe(1)
    cache.start()
    expect(cache.getSnapshot('a').status).toBe('pending')
  })

  it('A6: is told of its activity when it is back, by one subscription', async () => {
    const { cache, clock } = world({ answer: stepped })
    cache.start()
    const { listen, attach, read } = observe(cache)
    listen()
    attach()
    cache.delete('a')
    await endOfTurn()
    const select: Select = ({ nextRefreshAt }) => nextRefreshAt
    read(select)
    await endOfTurn()
    cache.getOrCreate('a', running())
    await clock.advance(0)
    const before = read(select)
    await clock.advance(1500)
    expect(read(select)).toBeGreaterThan(Number(before))
    expect(cache.stats().subscribers).toBe(1)
  })

  it('A2, G2: that was left missing comes back after a clear if somebody else had created it', async () => {
    const { cache, end, listen } = shown()
    cache.delete('a')
    end()
    listen()
    cache.getOrCreate('a', running())
    await endOfTurn()
    await logOut(cache)
    cache.start()
    expect(cache.getSnapshot('a').status).toBe('pending')
  })
})

describe('`create` that turns true for the same id', () => {
  it.each([undefined, running(3)])('A2: creates an item, which no frame shows as missing', (initialItem) => {
    const { cache } = world()
    const observer = new ItemObserver<Job>()
    observer.listen(() => undefined)
    const target = { cache: cache.start(), id: 'a', initialItem }
    observer.attach({ ...target, create: false })
    expect(observer.read({ ...target, create: false }).status).toBe('missing')
    const status = initialItem === undefined ? 'pending' : 'active'
    expect(observer.read({ ...target, create: true }).status).toBe(status)
    expect(cache.has('a')).toBe(false)
    observer.attach({ ...target, create: true })
    expect(cache.getSnapshot('a')).toMatchObject({ status, item: initialItem })
    expect(cache.stats().subscribers).toBe(1)
  })

  it('A2: creates the items of a list, which no frame shows as missing', () => {
    const { cache } = world()
    cache.start().getOrCreate('b', running())
    const observer = new ItemsObserver<Job>()
    observer.listen(() => undefined)
    const target = { cache, ids: ['a', 'b'] }
    const statuses = (create: boolean) => observer.read({ ...target, create }).map(({ status }) => status)
    observer.attach({ ...target, create: false })
    expect(statuses(false)).toEqual(['missing', 'active'])
    expect(statuses(true)).toEqual(['pending', 'active'])
    observer.attach({ ...target, create: true })
    expect([...cache.ids()]).toEqual(['b', 'a'])
    expect(cache.stats().subscribers).toBe(2)
  })

  it('A2: does not create what was deleted while it was shown, if it was true then', () => {
    const { cache } = world()
    const observer = new ItemObserver<Job>()
    observer.listen(() => undefined)
    const target = { cache: cache.start(), id: 'a' }
    observer.attach({ ...target, create: true })
    cache.delete('a')
    for (const create of [false, true]) observer.attach({ ...target, create })
    expect(cache.has('a')).toBe(false)
  })
})

const state = (id: string): object => ({ id, item: running(1), failureCount: 0, unchangedCount: 0 })
const message = (...ids: readonly string[]): unknown => ({ version: 1, at: 0, states: ids.map(state) })

describe.each(KINDS)('%s of a server', (_, observe) => {
  it('A2, A13: that was deleted before its markup is hydrated is shown once, and not created', async () => {
    const { cache } = world()
    hydrate(cache.start(), message('a', 'b'))
    cache.delete('a')
    const { readInitial, read, listen, attach } = observe(cache)
    expect(readInitial()).toBe('active')
    expect(read()).toBe('missing')
    listen()
    attach()
    expect([...cache.ids()]).toEqual(['b'])
    cache.getOrCreate('a', running())
    await endOfTurn()
    expect(read()).toBe('active')
  })

  it('A2, A13: is created if it was brought again, and by a mount that shows the present', () => {
    const { cache } = world()
    hydrate(cache.start(), message('a', 'b'))
    cache.delete('a')
    const { listen, attach } = observe(cache)
    listen()
    attach()
    expect(cache.has('a')).toBe(true)
  })

  it('A2, P7: is created if the cache gave it up because nobody showed it', async () => {
    const { cache, clock } = world({ gcTime: 1000 })
    hydrate(cache.start(), message('a'))
    await clock.advance(2000)
    expect(cache.has('a')).toBe(false)
    const { readInitial, listen, attach } = observe(cache)
    expect(readInitial()).toBe('active')
    listen()
    attach()
    expect(cache.has('a')).toBe(true)
  })

  it('A2, C1: is created if it had to make room', () => {
    const { cache } = world({ policies: [lru(1)] })
    hydrate(cache.start(), message('a', 'b'))
    expect([...cache.ids()]).toEqual(['b'])
    const { readInitial, listen, attach } = observe(cache)
    readInitial()
    listen()
    attach()
    expect(cache.has('a')).toBe(true)
  })

  it('A2, G2: is created if the cache was cleared', async () => {
    const { cache } = world()
    hydrate(cache.start(), message('a'))
    const { readInitial, listen, attach } = observe(cache)
    expect(readInitial()).toBe('active')
    await logOut(cache)
    cache.start()
    listen()
    attach()
    expect(cache.has('a')).toBe(true)
  })
})

describe('what `hydrate` brought', () => {
  it('O6: is forgotten at the next call if it has left the cache', () => {
    const { cache } = world()
    hydrate(cache, message('a', 'b'))
    cache.delete('a')
    const initialIds = (): readonly string[] => new IdsObserver<Job>().readInitial(cache)
    expect(initialIds()).toEqual(['a', 'b'])
    hydrate(cache, message('c'))
    expect(initialIds()).toEqual(['b', 'c'])
    expect(new ItemObserver<Job>().readInitial({ cache, id: 'a', create: true }).status).toBe('pending')
  })

  it('O6: has the cache watched, once, and until all of it has left', () => {
    const { cache } = world()
    let watchers = 0
    const onEvent = cache.onEvent.bind(cache)
    cache.onEvent = (listener) => {
      watchers += 1
      const end = onEvent(listener)
      return () => {
        watchers -= 1
        end()
      }
    }
    hydrate(cache, message())
    expect(watchers).toBe(0)
    for (let round = 0; round < 2; round++) {
      hydrate(cache, message('a'))
      hydrate(cache, message('b'))
      expect(watchers).toBe(1)
      cache.getOrCreate('other', running())
      for (const id of ['other', 'a']) cache.delete(id)
      expect(watchers).toBe(1)
      cache.delete('b')
      expect(watchers).toBe(0)
    }
  })
})
