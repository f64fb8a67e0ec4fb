import { describe, expect, it } from 'vitest'
import type { Driver, ItemView } from './driver.ts'
import { showStep } from './shown-step.ts'
import { drivenWorld, running, subscriptionsOf } from './world.ts'

/** A1, A3, A4, and A7 to A9: one item. */
export function itemCases(driver: Driver): void {
  describe('one item', () => {
    it('A3: when it is unmounted the subscription ends, and the item stays', async () => {
      const { cache } = drivenWorld(driver)
      const view = await driver.mountItem({ cache, id: 'a', initialItem: running(), show: showStep })
      await view.unmount()
      expect(cache.stats().subscribers).toBe(0)
      expect(cache.has('a')).toBe(true)
    })

    it('A4: unmounting and mounting at once makes no additional call', async () => {
      const { cache, calls, advance } = drivenWorld(driver)
      cache.start()
      const first = await driver.mountItem({ cache, id: 'a', initialItem: running(), show: showStep })
      await advance(0)
      await first.unmount()
      await driver.mountItem({ cache, id: 'a', show: showStep })
      await advance(999)
      expect(calls).toEqual([['a']])
      expect(cache.stats().subscribers).toBe(1)
      await advance(1)
      expect(calls).toEqual([['a'], ['a']])
    })

    it('A7: a new id shows its item in the first rendering, and leaves the old one', async () => {
      const { cache } = drivenWorld(driver)
      cache.getOrCreate('a', running(1))
      cache.getOrCreate('b', running(2))
      const seen: string[] = []
      const show: ItemView['show'] = (snapshot) => {
        const text = showStep(snapshot)
        seen.push(text)
        return text
      }
      const view = await driver.mountItem({ cache, id: 'a', show })
      const before = seen.length
      await view.update({ cache, id: 'b', show })
      expect(new Set(seen.slice(before))).toEqual(new Set(['active 2']))
      expect(cache.stats().subscribers).toBe(1)
      await driver.act(() => void cache.update('b', running(3)))
      expect(view.text()).toBe('active 3')
    })

    it('A7: the new subscription is made before the old one ends', async () => {
      const { cache } = drivenWorld(driver)
      const view = await driver.mountItem({ cache, id: 'a', show: showStep })
      const log = subscriptionsOf(cache)
      await view.update({ cache, id: 'b', show: showStep })
      await view.update({ cache, id: 'c', show: showStep })
      expect(log.map(([what, id]) => `${what} ${id}`)).toEqual(['begin b', 'begin c', 'end b'])
    })

    it('A7: a field that is first read in the rendering with a new id is that of the new item', async () => {
      const { cache } = drivenWorld(driver)
      cache.getOrCreate('a', running(1))
      cache.getOrCreate('b', running(2))
      const view = await driver.mountItem({ cache, id: 'a', show: ({ status }) => status })
      const seen: string[] = []
      const show: ItemView['show'] = (snapshot) => {
        const text = showStep(snapshot)
        seen.push(text)
        return text
      }
      await view.update({ cache, id: 'b', show })
      expect(new Set(seen)).toEqual(new Set(['active 2']))
    })

    it('A7: a change of the id is one rendering, and so is the item that it fetches', async () => {
      const { cache, advance } = drivenWorld(driver)
      cache.getOrCreate('a', running(1))
      cache.getOrCreate('b', running(2))
      const view = await driver.mountItem({ cache, id: 'a', show: showStep })
      const before = view.renders()
      await view.update({ cache, id: 'b', show: showStep })
      expect(view.renders()).toBe(before + 1)
      await view.update({ cache, id: 'c', show: showStep })
      await advance(0)
      expect(view.text()).toBe('active 0')
      expect(view.renders()).toBe(before + 3)
    })

    it('A7: an id that becomes undefined shows `missing`, and ends the subscription', async () => {
      const { cache } = drivenWorld(driver)
      cache.getOrCreate('a', running(1))
      const view = await driver.mountItem({ cache, id: 'a', show: showStep })
      await view.update({ cache, id: undefined, show: showStep })
      expect(view.text()).toBe('missing -')
      expect(cache.stats().subscribers).toBe(0)
    })

    it('A7: `enabled` false ends the subscription; the snapshot of the moment is shown', async () => {
      const { cache } = drivenWorld(driver)
      cache.getOrCreate('a', running(1))
      const view = await driver.mountItem({ cache, id: 'a', show: showStep })
      await view.update({ cache, id: 'a', enabled: false, show: showStep })
      expect(view.text()).toBe('active 1')
      expect(cache.stats().subscribers).toBe(0)
    })

    it('A8: an absent id fills in when it is created, and becomes `missing` when it is deleted', async () => {
      const { cache } = drivenWorld(driver)
      const view = await driver.mountItem({ cache, id: 'a', create: false, show: showStep })
      expect(view.text()).toBe('missing -')
      await driver.act(() => void cache.getOrCreate('a', running(5)))
      expect(view.text()).toBe('active 5')
      await driver.act(() => void cache.delete('a'))
      expect(view.text()).toBe('missing -')
    })

    it('A9: options that each rendering makes anew cost no new subscription, and no loop', async () => {
      const { cache } = drivenWorld(driver)
      const view = await driver.mountItem({ cache, id: 'a', initialItem: running(), show: showStep })
      const log = subscriptionsOf(cache)
      for (let index = 0; index < 10; index++) {
        await view.update({ cache, id: 'a', initialItem: running(), show: (snapshot) => showStep(snapshot) })
      }
      expect(log).toEqual([])
      expect(cache.stats().subscribers).toBe(1)
      expect(view.renders()).toBeLessThan(30)
    })
  })
}
