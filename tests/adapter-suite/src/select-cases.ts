import { describe, expect, it } from 'vitest'
import type { Driver, SelectView } from './driver.ts'
import { showStep } from './shown-step.ts'
import { done, drivenWorld, running } from './world.ts'

/** A6, A9 and A11 with a `select`. */
export function selectCases(driver: Driver): void {
  describe('select', () => {
    it('A6: renders again only when the result changes', async () => {
      const { cache } = drivenWorld(driver)
      cache.getOrCreate('a', running(0))
      const view = await driver.mountSelect({ cache, id: 'a', select: ({ item }) => (item?.step ?? 0) > 1 })
      const before = view.renders()
      await driver.act(() => void cache.update('a', running(1)))
      expect(view.renders()).toBe(before)
      await driver.act(() => void cache.update('a', running(2)))
      expect(view.text()).toBe('true')
    })

    it('A6: `equals` decides if the result has changed', async () => {
      const { cache } = drivenWorld(driver)
      cache.getOrCreate('a', running(0))
      const equals = (previous: unknown, next: unknown): boolean =>
        JSON.stringify(previous) === JSON.stringify(next)
      const view = await driver.mountSelect({ cache, id: 'a', select: ({ status }) => ({ status }), equals })
      const before = view.renders()
      await driver.act(() => void cache.update('a', running(1)))
      expect(view.renders()).toBe(before)
      await driver.act(() => void cache.update('a', done(1)))
      expect(view.text()).toBe('{"status":"terminal"}')
    })

    it('A6, A7: `equals` does not compare values of different ids', async () => {
      const { cache } = drivenWorld(driver)
      cache.getOrCreate('a', running(1))
      cache.getOrCreate('b', running(2))
      const equals = (): boolean => true
      const view: SelectView = { cache, id: 'a', select: ({ item }) => item?.step ?? null, equals }
      const mounted = await driver.mountSelect(view)
      expect(mounted.text()).toBe('1')
      await mounted.update({ ...view, id: 'b' })
      expect(mounted.text()).toBe('2')
      await mounted.update({ ...view, id: undefined })
      expect(mounted.text()).toBe('null')
      await mounted.update({ ...view, id: 'a' })
      expect(mounted.text()).toBe('1')
    })

    it('A6: a `select` that reads activity runs when it changes', async () => {
      const { cache, advance } = drivenWorld(driver)
      cache.start().getOrCreate('a', running(0))
      const view = await driver.mountSelect({
        cache,
        id: 'a',
        select: ({ unchangedCount }) => unchangedCount,
      })
      await advance(3000)
      expect(view.text()).toBe('4')
    })

    it('A6: it gets the snapshot and the id', async () => {
      const { cache } = drivenWorld(driver)
      cache.getOrCreate('a', running(4))
      const select: SelectView['select'] = ({ item }, id) => `${id} ${item?.step}`
      const view = await driver.mountSelect({ cache, id: 'a', select })
      expect(view.text()).toBe('"a 4"')
    })

    it('A9: an inline `select` that makes a new object each time does not loop', async () => {
      const { cache } = drivenWorld(driver)
      cache.getOrCreate('a', running(0))
      const view = await driver.mountSelect({ cache, id: 'a', select: ({ item }) => ({ step: item?.step }) })
      await driver.act(() => void cache.update('a', running(1)))
      expect(view.text()).toBe('{"step":1}')
      expect(view.renders()).toBeLessThan(10)
    })

    it('A11: an error of `select` reaches the error boundary, and the cache and other components go on', async () => {
      const { cache } = drivenWorld(driver)
      cache.getOrCreate('a', running(0))
      const other = await driver.mountItem({ cache, id: 'a', show: showStep })
      const view = await driver.mountSelect({
        cache,
        id: 'a',
        select: ({ item }) => {
          if (item?.step === 1) throw new Error('select')
          return 'fine'
        },
      })
      expect(view.text()).toBe('"fine"')
      await driver.act(() => void cache.update('a', running(1)))
      expect(view.errors()[0]).toMatchObject({ message: 'select' })
      expect(other.text()).toBe('active 1')
    })

    it('A11: an error of `equals` reaches the error boundary, too', async () => {
      const { cache } = drivenWorld(driver)
      cache.getOrCreate('a', running(0))
      const view = await driver.mountSelect({
        cache,
        id: 'a',
        select: ({ item }) => item?.step,
        equals: () => {
          throw new Error('equals')
        },
      })
      await driver.act(() => void cache.update('a', running(1)))
      expect(view.errors()[0]).toMatchObject({ message: 'equals' })
      cache.update('a', running(2))
      expect(cache.get('a')).toEqual(running(2))
    })
  })
}
