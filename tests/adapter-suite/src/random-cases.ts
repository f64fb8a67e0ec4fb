import { VirtualEnvironment } from '@auto-refresh/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PageDriver } from './page.ts'
import { mount, step, type Step } from './random-steps.ts'
import { Scene } from './scene.ts'
import { running, world } from './world.ts'

const LAST: Step = {
  change: { do: 'pass', ms: 1000 },
  urgency: 'normal',
  units: 1,
  isSettled: true,
}

/** A3 to A8, A10 and A12 at random: no frame tears, rows show what the cache has, and nothing leaks. */
export function randomCases(driver: PageDriver, runs: number): void {
  describe(`At random, on ${driver.name}`, () => {
    it('A3, A5, A12: no frame shows two revisions, every row ends with what the cache has, nothing is left', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(mount, { minLength: 2, maxLength: 6 }),
          fc.array(step, { maxLength: 60, size: 'max' }),
          async (first, steps) => {
            const environment = new VirtualEnvironment()
            const around = world({
              environment,
              sync: (batch) =>
                batch.map(({ id: asked, item = running(1) }) =>
                  item.step % 3 === 0
                    ? { id: asked, action: 'fail' as const, error: new Error('down') }
                    : { id: asked, item: { ...item, step: item.step + 1000 } },
                ),
            })
            const { cache, clock } = around
            const page = await driver.mountPage(cache)
            const scene = new Scene(around, page)
            for (const what of first) await scene.apply(what, 'normal')
            for (const { change, urgency, units, isSettled } of [...steps, LAST]) {
              await scene.apply(change, urgency)
              if (units > 0) await page.work(units)
              if (units > 0) expect(scene.tears()).toEqual([])
              if (!isSettled) continue
              await scene.settle()
              expect(scene.seen()).toEqual(scene.wanted())
              expect(cache.stats().subscribers).toBe(scene.subscriptions())
              expect(cache.isRunning).toBe(scene.subscriptions() > 0)
            }
            await page.unmount()
            expect(cache.stats().subscribers).toBe(0)
            expect(cache.isRunning).toBe(false)
            expect([clock.timers, environment.listeners]).toEqual([0, 0])
          },
        ),
        { numRuns: runs },
      )
      // Time to shrink a counterexample.
    }, 600_000)
  })
}
