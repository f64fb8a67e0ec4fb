import type { ItemId } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import type { Driver, IdsView } from './driver.ts'
import { showStep } from './shown-step.ts'
import { drivenWorld, running, type DrivenWorld } from './world.ts'

interface Unmountable {
  unmount(): Promise<void>
}

type Mount = (driver: Driver, world: DrivenWorld) => Promise<Unmountable>

/** The hooks that hold the cache. */
const hooks: readonly (readonly [name: string, mount: Mount])[] = [
  ['an item', (driver, { cache }) => driver.mountItem({ cache, id: 'a', show: showStep })],
  ['a list', (driver, { cache }) => driver.mountList({ cache, ids: ['a'], show: String })],
  ['the ids', (driver, { cache }) => driver.mountIds({ cache, show: String })],
]

/** A12, A16 and A17: the running cache, its ids, and its status. */
export function cacheCases(driver: Driver): void {
  describe.each(hooks)('a component that shows %s', (_, mount) => {
    it('A12: keeps the cache running while it is mounted, together with others', async () => {
      const world = drivenWorld(driver)
      const { cache } = world
      const first = await mount(driver, world)
      const second = await mount(driver, world)
      expect(cache.isRunning).toBe(true)
      await first.unmount()
      await driver.act(() => undefined)
      expect(cache.isRunning).toBe(true)
      await second.unmount()
      await driver.act(() => undefined)
      expect(cache.isRunning).toBe(false)
    })

    it('A12: never stops a cache that the application started', async () => {
      const world = drivenWorld(driver)
      world.cache.start()
      const view = await mount(driver, world)
      await view.unmount()
      await driver.act(() => undefined)
      expect(world.cache.isRunning).toBe(true)
      await world.cache.stop()
    })
  })

  describe('running the cache', () => {
    it('A12: lasts while the component is enabled', async () => {
      const { cache } = drivenWorld(driver)
      const view = await driver.mountItem({ cache, id: 'a', enabled: false, show: showStep })
      const list = await driver.mountList({ cache, ids: ['a'], enabled: false, show: String })
      expect(cache.isRunning).toBe(false)
      await view.update({ cache, id: 'a', enabled: true, show: showStep })
      await list.update({ cache, ids: ['a'], enabled: true, show: String })
      await view.update({ cache, id: 'a', enabled: false, show: showStep })
      expect(cache.isRunning).toBe(true)
      await list.update({ cache, ids: ['a'], enabled: false, show: String })
      await driver.act(() => undefined)
      expect(cache.isRunning).toBe(false)
    })

    it('A17: is not done by a component that only shows the status', async () => {
      const { cache } = drivenWorld(driver)
      const view = await driver.mountStatus({ cache, show: ({ state }) => state })
      expect(view.text()).toBe('stopped')
      expect(cache.isRunning).toBe(false)
    })
  })

  describe('the ids of a cache', () => {
    it('A16: are shown in order of creation, and again when one comes or goes', async () => {
      const { cache } = drivenWorld(driver)
      for (const id of ['b', '10', 'a']) cache.getOrCreate(id, running())
      const view = await driver.mountIds({ cache, show: (ids) => ids.join() })
      expect(view.text()).toBe('b,10,a')
      await driver.act(() => {
        cache.getOrCreate('2', running())
        cache.delete('10')
      })
      expect(view.text()).toBe('b,a,2')
    })

    it('A16: are the same array, and nothing renders, until one comes or goes', async () => {
      const { cache, advance } = drivenWorld(driver)
      cache.getOrCreate('a', running())
      const arrays: (readonly ItemId[])[] = []
      const show: IdsView['show'] = (ids) => {
        arrays.push(ids)
        return ids.join()
      }
      const view = await driver.mountIds({ cache, show })
      const before = view.renders()
      arrays.splice(0, arrays.length - 1)
      await driver.act(() => void cache.update('a', running(1)))
      await advance(5000)
      expect(view.renders()).toBe(before)
      await view.update({ cache, show })
      expect(new Set(arrays).size).toBe(1)
    })

    it('A5: one that comes between the rendering and the subscription is not missed', async () => {
      const { cache } = drivenWorld(driver)
      let isFirst = true
      const view = await driver.mountIds({
        cache,
        show: (ids) => {
          if (isFirst) cache.getOrCreate('late', running())
          isFirst = false
          return ids.join()
        },
      })
      await driver.act(() => undefined)
      expect(view.text()).toBe('late')
    })
  })

  describe('the status of a cache', () => {
    it('A17: is shown, and again when it changes, but not at every call', async () => {
      const { cache, advance } = drivenWorld(driver)
      const view = await driver.mountStatus({ cache, show: ({ state }) => state })
      expect(view.text()).toBe('stopped')
      await driver.act(() => {
        cache.start().getOrCreate('a', running())
      })
      expect(view.text()).toBe('running')
      const before = view.renders()
      await advance(5000)
      expect(view.renders()).toBe(before)
      await driver.act(() => cache.pause())
      expect(view.text()).toBe('paused')
      await cache.stop()
    })

    it('A17: shows an outage', async () => {
      const { cache, advance } = drivenWorld(driver, { sync: () => Promise.reject(new Error('down')) })
      for (const id of ['a', 'b', 'c']) cache.start().getOrCreate(id, running())
      const view = await driver.mountStatus({ cache, show: ({ isOutage }) => String(isOutage) })
      expect(view.text()).toBe('false')
      await advance(20_000)
      expect(view.text()).toBe('true')
      await cache.stop()
    })
  })
}
