import { describe, expect, it } from 'vitest'
import type { Driver } from './driver.ts'
import { showStep } from './shown-step.ts'
import { drivenWorld, running } from './world.ts'

/** A5 and A6: renderings that a change of the item causes. */
export function renderCases(driver: Driver): void {
  describe('one item that changes', () => {
    it('A5: a new value is shown', async () => {
      const { cache } = drivenWorld(driver)
      cache.getOrCreate('a', running(0))
      const view = await driver.mountItem({ cache, id: 'a', show: showStep })
      await driver.act(() => void cache.update('a', running(1)))
      expect(view.text()).toBe('active 1')
    })

    it('A5: a change between the rendering and the subscription is not missed', async () => {
      const { cache } = drivenWorld(driver)
      cache.getOrCreate('a', running(0))
      let isFirst = true
      const view = await driver.mountItem({
        cache,
        id: 'a',
        show: (snapshot) => {
          const text = showStep(snapshot)
          if (isFirst) cache.update('a', running(1))
          isFirst = false
          return text
        },
      })
      await driver.act(() => undefined)
      expect(view.text()).toBe('active 1')
    })

    it('A6: a field that was not read renders nothing again', async () => {
      const { cache, advance } = drivenWorld(driver, { sync: () => Promise.reject(new Error('down')) })
      cache.start().getOrCreate('a', running(0))
      const view = await driver.mountItem({ cache, id: 'a', show: ({ item }) => String(item?.step) })
      const before = view.renders()
      await advance(5000)
      expect(cache.getSnapshot('a').failureCount).toBeGreaterThan(1)
      expect(view.renders()).toBe(before)
    })

    it('A6: a field that was read renders again', async () => {
      const { cache, advance } = drivenWorld(driver, { sync: () => Promise.reject(new Error('down')) })
      cache.start().getOrCreate('a', running(0))
      const view = await driver.mountItem({
        cache,
        id: 'a',
        show: ({ failureCount }) => String(failureCount),
      })
      await advance(0)
      expect(view.text()).toBe('1')
    })

    it('A6: a refresh that changes nothing renders nothing again', async () => {
      const { cache, advance } = drivenWorld(driver)
      cache.start().getOrCreate('a', running(0))
      const view = await driver.mountItem({ cache, id: 'a', show: showStep })
      const before = view.renders()
      await advance(10_000)
      expect(cache.stats().syncCalls).toBe(11)
      expect(view.renders()).toBe(before)
    })

    it('A6: a component that reads activity renders when it changes', async () => {
      const { cache, advance } = drivenWorld(driver)
      cache.start().getOrCreate('a', running(0))
      const view = await driver.mountItem({
        cache,
        id: 'a',
        show: (snapshot) => String(snapshot.unchangedCount),
      })
      await advance(3000)
      expect(view.text()).toBe('4')
    })

    it('A6: an activity field that is first read later renders from then on', async () => {
      const { cache, advance } = drivenWorld(driver)
      cache.start().getOrCreate('a', running(0))
      const view = await driver.mountItem({ cache, id: 'a', show: showStep })
      await advance(2000)
      await view.update({ cache, id: 'a', show: ({ unchangedCount }) => String(unchangedCount) })
      await advance(0)
      expect(view.text()).toBe('3')
      await advance(2000)
      expect(view.text()).toBe('5')
      expect(cache.stats().subscribers).toBe(1)
    })

    it('A5, A6: a field that is first read later has its present value in the first frame that shows it', async () => {
      const { cache, advance } = drivenWorld(driver, { sync: () => Promise.reject(new Error('down')) })
      cache.start().getOrCreate('a', running(0))
      const view = await driver.mountItem({ cache, id: 'a', show: showStep })
      await advance(10_000)
      const now = cache.getSnapshot('a').failureCount
      expect(now).toBeGreaterThan(1)
      const seen: number[] = []
      await view.update({
        cache,
        id: 'a',
        show: ({ failureCount }) => String(seen.push(failureCount)),
      })
      expect(new Set(seen)).toEqual(new Set([now]))
    })

    it('A6: a snapshot can be spread and kept', async () => {
      const { cache } = drivenWorld(driver)
      cache.getOrCreate('a', running(0))
      const kept: unknown[] = []
      const view = await driver.mountItem({
        cache,
        id: 'a',
        show: (snapshot) => {
          kept.push({ ...snapshot }.item)
          return showStep(snapshot)
        },
      })
      // Renderings that nobody saw showed what the server knows (A13).
      kept.splice(0, kept.length - 1)
      await driver.act(() => void cache.update('a', running(1)))
      expect(view.text()).toBe('active 1')
      expect(kept[0]).toEqual(running(0))
      expect(kept.at(-1)).toEqual(running(1))
    })
  })
}
