import { AutoRefreshError, type Policy } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import type { Driver, ItemView, Job } from './driver.ts'
import { showStep } from './shown-step.ts'
import { done, drivenWorld, running } from './world.ts'

/** A policy that refuses every item. */
const full: Policy<Job> = () => ({
  admit: () => {
    throw new AutoRefreshError('CAPACITY', 'no room')
  },
})

/** Notes every frame that `showStep` made. */
function noted(): { readonly show: ItemView['show']; readonly frames: string[] } {
  const frames: string[] = []
  const show: ItemView['show'] = (snapshot) => {
    const text = showStep(snapshot)
    frames.push(text)
    return text
  }
  return { show, frames }
}

/** A2: the snapshot of an absent id, and the creation of its item. */
export function createCases(driver: Driver): void {
  describe('an absent item', () => {
    it('A2: is fetched, and no frame shows `missing`', async () => {
      const { cache, advance, calls } = drivenWorld(driver)
      const { show, frames } = noted()
      const view = await driver.mountItem({ cache, id: 'a', show })
      await advance(0)
      expect(view.text()).toBe('active 0')
      expect(new Set(frames)).toEqual(new Set(['pending -', 'active 0']))
      expect(calls).toEqual([['a']])
    })

    it('A2: is fetched if the id changes to it', async () => {
      const { cache, advance } = drivenWorld(driver)
      const { show, frames } = noted()
      const view = await driver.mountItem({ cache, id: 'a', show })
      await view.update({ cache, id: 'b', show })
      await advance(0)
      expect(view.text()).toBe('active 0')
      expect(frames).not.toContain('missing -')
    })

    it('A2: is `missing` if the source does not know it, and the same mount does not create it again', async () => {
      const { cache, advance, calls } = drivenWorld(driver, { missing: 'delete', sync: () => [] })
      const view = await driver.mountItem({ cache, id: 'a', show: showStep })
      await advance(0)
      expect(view.text()).toBe('missing -')
      await view.update({ cache, id: 'a', show: showStep })
      await advance(10_000)
      expect(view.text()).toBe('missing -')
      expect(calls).toHaveLength(1)
    })

    it('A2: is only looked at with `create: false`, and shows `missing`', async () => {
      const { cache, advance, calls } = drivenWorld(driver)
      const initialItem = running(3)
      const view = await driver.mountItem({ cache, id: 'a', create: false, initialItem, show: showStep })
      await advance(1000)
      expect(view.text()).toBe('missing -')
      expect(cache.has('a')).toBe(false)
      expect(calls).toEqual([])
    })

    it('A2: shows `missing` with `enabled: false`, and is fetched when that turns true', async () => {
      const { cache, advance } = drivenWorld(driver)
      const view = await driver.mountItem({ cache, id: 'a', enabled: false, show: showStep })
      expect(view.text()).toBe('missing -')
      expect(cache.size).toBe(0)
      const { show, frames } = noted()
      await view.update({ cache, id: 'a', enabled: true, show })
      await advance(0)
      expect(view.text()).toBe('active 0')
      expect(frames).not.toContain('missing -')
    })

    it('P7: is polled while it is shown, and goes `gcTime` after', async () => {
      const { cache, advance, calls } = drivenWorld(driver, { gcTime: 3000 })
      cache.start()
      const view = await driver.mountItem({ cache, id: 'a', show: showStep })
      await advance(2000)
      expect(calls).toHaveLength(3)
      await view.unmount()
      await advance(2999)
      expect(calls).toHaveLength(3)
      expect(cache.has('a')).toBe(true)
      await advance(1)
      expect(cache.has('a')).toBe(false)
    })

    it('P7: rows that are paged through are not polled for ever', async () => {
      const { cache, advance, calls } = drivenWorld(driver)
      const idsOf = (page: number): string[] =>
        Array.from({ length: 50 }, (_, row) => `job-${page * 50 + row}`)
      const show = (list: readonly unknown[]): string => String(list.length)
      const view = await driver.mountList({ cache, ids: idsOf(0), initialItem: () => running(0), show })
      for (let page = 1; page < 20; page++) {
        await advance(1500)
        await view.update({ cache, ids: idsOf(page), initialItem: () => running(0), show })
      }
      await advance(1500)
      calls.splice(0)
      await advance(10_000)
      expect(calls.flat()).toHaveLength(500)
    })
  })

  describe('an initial item', () => {
    it('A2: an absent id with an initial item shows it from the first rendering on, and creates it', async () => {
      const { cache } = drivenWorld(driver)
      const seen: string[] = []
      const view = await driver.mountItem({
        cache,
        id: 'a',
        initialItem: running(3),
        show: (snapshot) => {
          const text = showStep(snapshot)
          seen.push(text)
          return text
        },
      })
      expect(seen[0]).toBe('active 3')
      expect(new Set(seen)).toEqual(new Set(['active 3']))
      expect(view.text()).toBe('active 3')
      expect(cache.get('a')).toEqual(running(3))
      expect(cache.stats().subscribers).toBe(1)
    })

    it('A2: a terminal initial item shows as terminal', async () => {
      const { cache } = drivenWorld(driver)
      const view = await driver.mountItem({ cache, id: 'a', initialItem: done(1), show: showStep })
      expect(view.text()).toBe('terminal 1')
      expect(cache.getSnapshot('a').status).toBe('terminal')
    })

    it('A2: a present item is shown, and the initial one ignored', async () => {
      const { cache } = drivenWorld(driver)
      cache.getOrCreate('a', running(1))
      const view = await driver.mountItem({ cache, id: 'a', initialItem: running(9), show: showStep })
      expect(view.text()).toBe('active 1')
    })

    it('A2: once subscribed, the initial item is not shown again, nor created again', async () => {
      const { cache } = drivenWorld(driver)
      const view = await driver.mountItem({ cache, id: 'a', initialItem: running(3), show: showStep })
      await driver.act(() => void cache.delete('a'))
      expect(view.text()).toBe('missing -')
      await view.update({ cache, id: 'a', initialItem: running(4), show: showStep })
      expect(view.text()).toBe('missing -')
      expect(cache.size).toBe(0)
    })

    it('A2: it is created again for a new id, and when `enabled` turns true', async () => {
      const { cache } = drivenWorld(driver)
      const initialItem = running(3)
      const view = await driver.mountItem({ cache, id: 'a', initialItem, show: showStep })
      await view.update({ cache, id: 'b', initialItem, show: showStep })
      expect(cache.has('b')).toBe(true)
      await driver.act(() => void cache.delete('b'))
      await view.update({ cache, id: 'b', initialItem, enabled: false, show: showStep })
      expect(view.text()).toBe('active 3')
      expect(cache.has('b')).toBe(false)
      await view.update({ cache, id: 'b', initialItem, enabled: true, show: showStep })
      expect(cache.has('b')).toBe(true)
    })

    it('A2: an error of creating reaches the error boundary', async () => {
      const { cache } = drivenWorld(driver, { policies: [full] })
      const view = await driver.mountItem({ cache, id: 'a', initialItem: running(), show: showStep })
      expect(view.errors()[0]).toMatchObject({ code: 'CAPACITY' })
    })

    it('A2: an error of a null item reaches the error boundary, too', async () => {
      const { cache } = drivenWorld(driver)
      const view = await driver.mountItem({
        cache,
        id: 'a',
        // Code without types can pass this.
        initialItem: Reflect.get({ item: null }, 'item') as unknown as Job,
        show: showStep,
      })
      expect(view.errors()[0]).toBeInstanceOf(TypeError)
      expect(cache.size).toBe(0)
    })
  })
}
