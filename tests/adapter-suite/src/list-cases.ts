import type { ItemSnapshot } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import type { Driver, Job } from './driver.ts'
import { done, drivenWorld, readsOf, running, subscriptionsOf } from './world.ts'

/** A2 and A10: lists. */
export function listCases(driver: Driver): void {
  describe('a list of items', () => {
    it('A10: an element keeps its reference while it is unchanged, and the list while all are', async () => {
      const { cache, advance } = drivenWorld(driver)
      cache.start()
      for (const id of ['a', 'b']) cache.getOrCreate(id, running(0))
      const lists: (readonly unknown[])[] = []
      const show = (list: readonly unknown[]): string => {
        lists.push(list)
        return String(list.length)
      }
      const view = await driver.mountList({ cache, ids: ['a', 'b'], show })
      // A rendering that StrictMode threw away had a list of its own.
      lists.splice(0, lists.length - 1)
      await advance(3000)
      await view.update({ cache, ids: ['a', 'b'], show })
      expect(new Set(lists).size).toBe(1)
      await driver.act(() => void cache.update('a', running(1)))
      const [first, last] = [lists[0] ?? [], lists.at(-1) ?? []]
      expect(last).not.toBe(first)
      expect(last[0]).not.toBe(first[0])
      expect(last[1]).toBe(first[1])
    })

    it('A10: many changes in one turn make one rendering', async () => {
      const { cache } = drivenWorld(driver)
      const ids = Array.from({ length: 100 }, (_, index) => `job-${index}`)
      for (const id of ids) cache.getOrCreate(id, running(0))
      const view = await driver.mountList({ cache, ids, show: (list) => String(list.length) })
      const before = view.renders()
      await driver.act(() => {
        for (const id of ids) cache.update(id, running(1))
      })
      expect(view.renders()).toBe(before + 1)
    })

    it('A10: a change of the ids subscribes and unsubscribes only what differs', async () => {
      const { cache } = drivenWorld(driver)
      const show = (list: readonly unknown[]): string => String(list.length)
      const view = await driver.mountList({ cache, ids: ['a'], show })
      expect(cache.stats().subscribers).toBe(1)
      const log = subscriptionsOf(cache)
      await view.update({ cache, ids: ['a', 'b'], show })
      await view.update({ cache, ids: ['c', 'a'], show })
      expect(log).toEqual([
        ['begin', 'b'],
        ['begin', 'c'],
        ['end', 'b'],
      ])
      expect(cache.stats().subscribers).toBe(2)
      await view.unmount()
      expect(cache.stats().subscribers).toBe(0)
    })

    it('A10: one id more is one rendering, and one reading of the new id', async () => {
      const { cache, advance } = drivenWorld(driver)
      const ids = Array.from({ length: 200 }, (_, index) => `job-${index}`)
      for (const id of [...ids, 'new']) cache.getOrCreate(id, running(0))
      const show = (list: readonly unknown[]): string => String(list.length)
      const view = await driver.mountList({ cache, ids, show })
      await advance(0)
      const before = view.renders()
      const reads = readsOf(cache)
      await view.update({ cache, ids: [...ids, 'new'], show })
      expect(view.text()).toBe('201')
      expect(view.renders()).toBe(before + 1)
      expect(new Set(reads)).toEqual(new Set(['new']))
      expect(reads.length).toBeLessThan(10)
      await view.update({ cache, ids, show })
      expect(view.renders()).toBe(before + 2)
      expect(reads.length).toBeLessThan(10)
    })

    it('A19: a change is read alone, and once', async () => {
      const { cache } = drivenWorld(driver)
      const ids = Array.from({ length: 200 }, (_, index) => `job-${index}`)
      for (const id of ids) cache.getOrCreate(id, running(0))
      const show = (list: readonly unknown[]): string => String(list.length)
      await driver.mountList({ cache, ids, show })
      const reads = readsOf(cache)
      await driver.act(() => {
        cache.update('job-3', running(1))
        cache.update('job-150', running(1))
      })
      expect(reads).toEqual(['job-3', 'job-150'])
    })

    it.each([
      ['all', 1],
      ['1 %', 100],
    ])(
      'A19: a round in batches costs a rendering per batch, and a reading per change: %s changed',
      async (_, nth) => {
        const ids = Array.from({ length: 1000 }, (_none, index) => `job-${index}`)
        let round = 0
        const { cache, clock, advance } = drivenWorld(driver, {
          batchSize: 100,
          concurrency: 1,
          syncOnCreate: false,
          sync: async (batch) => {
            await new Promise((resolve) => clock.setTimeout(() => resolve(undefined), 5))
            return batch.map(({ id }) =>
              ids.indexOf(id) % nth === 0 ? { id, item: running(round) } : { id, action: 'unchanged' },
            )
          },
        })
        for (const id of ids) cache.getOrCreate(id, running(0))
        const view = await driver.mountList({ cache, ids, show: (list) => String(list.length) })
        for (round = 1; round <= 3; round++) {
          const [renders, calls] = [view.renders(), cache.stats().syncCalls]
          const reads = readsOf(cache)
          await advance(1060)
          expect(cache.stats().syncCalls - calls).toBe(10)
          expect(reads).toHaveLength(ids.length / nth)
          expect(view.renders() - renders).toBeLessThanOrEqual(10)
        }
        await view.unmount()
      },
    )

    it('A10: the list may contain an id twice', async () => {
      const { cache } = drivenWorld(driver)
      cache.getOrCreate('a', running(0))
      const view = await driver.mountList({
        cache,
        ids: ['a', 'a'],
        select: ({ item }) => item?.step,
        show: (list) => list.join(),
      })
      expect(view.text()).toBe('0,0')
      await driver.act(() => void cache.update('a', running(1)))
      expect(view.text()).toBe('1,1')
      await view.unmount()
      expect(cache.stats().subscribers).toBe(0)
    })

    it('A10: a `select` that reads activity runs when it changes', async () => {
      const { cache, advance } = drivenWorld(driver)
      cache.start().getOrCreate('a', running(0))
      const view = await driver.mountList({
        cache,
        ids: ['a'],
        select: ({ unchangedCount }) => unchangedCount,
        show: (list) => list.join(),
      })
      await advance(3000)
      expect(view.text()).toBe('4')
      expect(cache.stats().subscribers).toBe(1)
    })

    it('A2, A10: with `create: false`, absent ids are `missing`, and fill in', async () => {
      const { cache } = drivenWorld(driver)
      const view = await driver.mountList({
        cache,
        ids: ['a', 'b'],
        create: false,
        select: ({ status }) => status,
        show: (list) => list.join(),
      })
      expect(view.text()).toBe('missing,missing')
      await driver.act(() => void cache.getOrCreate('b', done()))
      expect(view.text()).toBe('missing,terminal')
    })

    it('A2: absent ids are fetched in one call, and no frame shows `missing`', async () => {
      const { cache, advance, calls } = drivenWorld(driver)
      const frames: string[] = []
      const view = await driver.mountList({
        cache,
        ids: ['a', 'b'],
        select: ({ status }, id) => `${id} ${status}`,
        show: (list) => {
          frames.push(list.join())
          return list.join()
        },
      })
      await advance(0)
      expect(view.text()).toBe('a active,b active')
      expect(new Set(frames)).toEqual(new Set(['a pending,b pending', 'a active,b active']))
      expect(calls).toEqual([['a', 'b']])
    })

    it('A2: an initial item of each id is shown and created', async () => {
      const { cache } = drivenWorld(driver)
      const view = await driver.mountList({
        cache,
        ids: ['a', 'b'],
        initialItem: (id) => (id === 'a' ? running(7) : done(8)),
        select: ({ status, item }) => `${status} ${item?.step}`,
        show: (list) => list.join(),
      })
      expect(view.text()).toBe('active 7,terminal 8')
      expect(cache.get('b')).toEqual(done(8))
    })

    it('A2: an item that is deleted while it is shown stays `missing`', async () => {
      const { cache, advance } = drivenWorld(driver)
      const show = (list: readonly unknown[]): string => list.join()
      const select = ({ status }: ItemSnapshot<Job>): string => status
      const view = await driver.mountList({ cache, ids: ['a', 'b'], select, show })
      await advance(0)
      await driver.act(() => void cache.delete('a'))
      await view.update({ cache, ids: ['b', 'a'], select, show })
      expect(view.text()).toBe('active,missing')
    })

    it('A10: `enabled` false ends the subscriptions', async () => {
      const { cache } = drivenWorld(driver)
      const show = (list: readonly unknown[]): string => String(list.length)
      const view = await driver.mountList({ cache, ids: ['a'], show })
      await view.update({ cache, ids: ['a'], enabled: false, show })
      expect(cache.stats().subscribers).toBe(0)
      await view.update({ cache, ids: ['a'], enabled: true, show })
      expect(cache.stats().subscribers).toBe(1)
    })
  })
}
