import { IdsObserver, ItemObserver, ItemsObserver, type CacheObserver } from '@auto-refresh/core/adapter'
import { describe, expect, it } from 'vitest'
import { endOfTurn, world, type Job, type World } from './world.ts'

type Cache = World<Job>['cache']

/** Each kind of observer: `listen`, and `attach` to what it creates. */
const KINDS: readonly (readonly [string, (cache: Cache) => Parts])[] = [
  [
    'an item',
    (cache) => {
      const observer = new ItemObserver<Job>()
      return { listen: observer.listen, attach: () => observer.attach({ cache, id: 'a', create: true }) }
    },
  ],
  [
    'a list',
    (cache) => {
      const observer = new ItemsObserver<Job>()
      return { listen: observer.listen, attach: () => observer.attach({ cache, ids: ['a'], create: true }) }
    },
  ],
  ['the ids', (cache) => partsOf(new IdsObserver<Job>(), cache)],
]

interface Parts {
  readonly listen: (onChange: () => void) => () => void
  readonly attach: () => void
}

function partsOf(observer: CacheObserver<Job, unknown>, cache: Cache): Parts {
  return { listen: observer.listen, attach: () => observer.attach(cache) }
}

describe('an observer that is ended while it attaches', () => {
  it.each(KINDS.flatMap(([kind, make]) => ['created', 'started'].map((event) => ({ kind, make, event }))))(
    'O3, A3: of $kind, by a listener of `$event`, leaves nothing behind',
    async ({ make, event }) => {
      const { cache } = world()
      // It ran before, so nobody is warned that it never did (P10).
      void cache.start().stop()
      const { listen, attach } = make(cache)
      const end = listen(() => undefined)
      cache.onEvent(({ type }) => {
        if (type === event) end()
      })
      attach()
      end()
      await endOfTurn()
      expect([cache.stats().subscribers, cache.isRunning]).toEqual([0, false])
    },
  )
})

describe('an observer of a cache whose end is told twice', () => {
  it('A3: attaches to the same cache again when somebody listens', async () => {
    const { cache } = world()
    cache.getOrCreate('a')
    const observer = new IdsObserver<Job>()
    const end = observer.listen(() => undefined)
    observer.attach(cache)
    end()
    end()
    let told = 0
    observer.listen(() => (told += 1))
    observer.read(cache)
    await endOfTurn()
    told = 0
    cache.getOrCreate('b')
    await endOfTurn()
    expect(told).toBe(1)
  })
})
