import { describe, expect, it } from 'vitest'
import type { Driver } from './driver.ts'
import { done, drivenWorld, running, subscriptionsOf } from './world.ts'

/** A10 and A12: lists, and running the cache. */
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

    it('A10: the same id twice is fine', async () => {
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

    it('A10: a `select` that reads activity is told of it', async () => {
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

    it('A10: absent ids are `missing`, and fill in', async () => {
      const { cache } = drivenWorld(driver)
      const view = await driver.mountList({
        cache,
        ids: ['a', 'b'],
        select: ({ status }) => status,
        show: (list) => list.join(),
      })
      expect(view.text()).toBe('missing,missing')
      await driver.act(() => void cache.getOrCreate('b', done()))
      expect(view.text()).toBe('missing,terminal')
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

  describe('running the cache', () => {
    it('A12: it runs while a component is mounted, and several share one run', async () => {
      const { cache } = drivenWorld(driver)
      const first = await driver.mountStart(cache)
      const second = await driver.mountStart(cache)
      expect(cache.isRunning).toBe(true)
      await first.unmount()
      await driver.act(() => undefined)
      expect(cache.isRunning).toBe(true)
      await second.unmount()
      await driver.act(() => undefined)
      expect(cache.isRunning).toBe(false)
    })

    it('A12: a cache that the application started is never stopped', async () => {
      const { cache } = drivenWorld(driver)
      cache.start()
      const view = await driver.mountStart(cache)
      await view.unmount()
      await driver.act(() => undefined)
      expect(cache.isRunning).toBe(true)
      await cache.stop()
    })

    it('A12: another cache is run from then on, and the first one is left', async () => {
      const [first, second] = [drivenWorld(driver), drivenWorld(driver)]
      const view = await driver.mountStart(first.cache)
      await view.update(second.cache)
      await driver.act(() => undefined)
      expect([first.cache.isRunning, second.cache.isRunning]).toEqual([false, true])
      await view.unmount()
    })
  })
}
