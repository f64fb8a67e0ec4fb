import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Driver, ItemView, Mounted } from './driver.ts'
import { done, running, world } from './world.ts'

const id = fc.constantFrom('a', 'b', 'c')
const step = fc.oneof(
  fc.record({ do: fc.constant('mount' as const), id }),
  fc.record({ do: fc.constant('update' as const), nth: fc.nat(), id }),
  fc.record({ do: fc.constant('unmount' as const), nth: fc.nat() }),
  fc.record({ do: fc.constant('write' as const), id, step: fc.nat(9), isDone: fc.boolean() }),
  fc.record({ do: fc.constant('create' as const), id }),
  fc.record({ do: fc.constant('delete' as const), id }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.nat(3000) }),
)

/** A5 under everything at once: what is drawn is what the cache holds, and nothing is left behind. */
export function randomCases(driver: Driver, runs: number): void {
  describe('at random', () => {
    it('A3, A5: every component shows the cache after each step, and no subscription leaks', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          const { cache, advance } = world(driver, {
            sync: (batch) =>
              batch.map(({ id: asked, item }) => ({ id: asked, item: running(item.step + 1) })),
          })
          cache.start()
          const show: ItemView['show'] = ({ status, item }) => `${status} ${item?.step ?? '-'}`
          const views: { id: string; readonly mounted: Mounted<ItemView> }[] = []
          for (const each of steps) {
            const nth = 'nth' in each ? views[each.nth % Math.max(1, views.length)] : undefined
            if (each.do === 'mount') {
              views.push({ id: each.id, mounted: await driver.mountItem({ cache, id: each.id, show }) })
            } else if (each.do === 'update' && nth !== undefined) {
              nth.id = each.id
              await nth.mounted.update({ cache, id: each.id, show })
            } else if (each.do === 'unmount' && nth !== undefined) {
              await nth.mounted.unmount()
              views.splice(views.indexOf(nth), 1)
            } else if (each.do === 'write') {
              await driver.act(
                () => void cache.update(each.id, each.isDone ? done(each.step) : running(each.step)),
              )
            } else if (each.do === 'create')
              await driver.act(() => void cache.getOrCreate(each.id, running()))
            else if (each.do === 'delete') await driver.act(() => void cache.delete(each.id))
            else if (each.do === 'wait') await advance(each.ms)
            for (const view of views) expect(view.mounted.text()).toBe(show(cache.getSnapshot(view.id)))
            expect(cache.stats().subscribers).toBe(views.length)
          }
          for (const { mounted } of views) await mounted.unmount()
          expect(cache.stats().subscribers).toBe(0)
          await cache.stop()
        }),
        { numRuns: runs },
      )
    }, 120_000)
  })
}
