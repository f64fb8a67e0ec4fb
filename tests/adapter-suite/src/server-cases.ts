import { describe, expect, it } from 'vitest'
import type { Driver } from './driver.ts'
import { showStep } from './shown-step.ts'
import { drivenWorld, running } from './world.ts'

/** A1 on a server. */
export function serverCases(driver: Driver & Required<Pick<Driver, 'renderToString'>>): void {
  describe('on a server', () => {
    it('A1: renders, and nothing is created, subscribed to or counted', async () => {
      const { cache } = drivenWorld(driver)
      const text = await driver.renderToString({ cache, id: 'a', initialItem: running(7), show: showStep })
      expect(text).toBe('active 7')
      expect(cache.stats()).toMatchObject({ size: 0, subscribers: 0, hits: 0, misses: 0, syncCalls: 0 })
    })
  })
}
