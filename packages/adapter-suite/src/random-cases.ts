import { VirtualEnvironment } from '@auto-refresh/core/testing'
import fc from 'fast-check'
import type { ItemId } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import {
  LISTED,
  look,
  textOf,
  type Page,
  type PageDriver,
  type PlacedRow,
  type Row,
  type Urgency,
  type Wait,
} from './page.ts'
import { done, running, world, type World } from './world.ts'

const id = fc.constantFrom(LISTED, 'b')
const nth = fc.nat(99)
const hook = fc.constantFrom<Row['hook']>('item', 'activity', 'select', 'list')
const rarely = fc.nat(7).map((roll) => roll === 0)

const mount = fc.record({
  do: fc.constant('mount' as const),
  id,
  hook,
  isDisabled: rarely,
  isWaiting: rarely,
})
const write = fc.record({ do: fc.constant('write' as const), id, isDone: rarely })
const change = fc.oneof(
  { weight: 2, arbitrary: mount },
  { weight: 4, arbitrary: write },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('create' as const, 'delete' as const, 'recreate' as const),
      id,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat(1500) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('hide' as const), nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('redraw' as const), nth }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'unmount' as const,
        'enable' as const,
        'move' as const,
        'wait' as const,
        'arrive' as const,
      ),
      nth,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('follow' as const), nth, id }) },
)
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never

const step = fc.record({
  change,
  urgency: fc.constantFrom('normal' as const, 'sync' as const, 'transition' as const, 'deferred' as const),
  /** How much of its work the framework gets done before the next step. */
  units: fc.nat(4),
  isSettled: rarely,
})

/** A page over a cache, and what it must show. */
class Scene {
  readonly #world: World
  readonly #page: Page
  #rows: PlacedRow[] = []
  #count = 0

  constructor(around: World, page: Page) {
    this.#world = around
    this.#page = page
  }

  async apply(what: Change, urgency: Urgency): Promise<void> {
    if (what.do === 'pass') await this.#world.clock.advance(what.ms)
    else if ('id' in what && !('nth' in what) && what.do !== 'mount') this.#store(what)
    else {
      this.#place(what)
      this.#page.draw([...this.#rows], urgency)
    }
  }

  /** A5: what is shown of an id in one frame is the same everywhere. */
  async checkFrame(units: number): Promise<void> {
    await this.#page.work(units)
    const texts = new Map<ItemId, string>()
    for (const { id: shown, text, isEnabled } of look(this.#page.container)) {
      if (!isEnabled) continue
      expect(text, `${shown} in one frame`).toBe(texts.get(shown) ?? text)
      texts.set(shown, text)
    }
  }

  /** When all is drawn, every row shows what the cache has, and holds the subscriptions that it needs and no other. */
  async checkSettled(): Promise<void> {
    for (const { row } of this.#rows) row.wait?.arrive()
    await this.#page.settle()
    const { cache } = this.#world
    const placed = this.#rows.filter(({ isHidden }) => !isHidden).map(({ row }) => row)
    const seen = look(this.#page.container)
    expect(seen.map(({ row, id: shown }) => [row, shown])).toEqual(
      placed.flatMap((row) => idsOf(row).map((shown) => [row.key, shown])),
    )
    for (const { id: shown, text, isEnabled } of seen) {
      if (isEnabled) expect(text, shown).toBe(textOf(cache.getSnapshot(shown)))
    }
    const subscriptions = placed.flatMap((row) => (row.enabled ? [...new Set(idsOf(row))] : []))
    expect(cache.stats().subscribers).toBe(subscriptions.length)
  }

  #store(what: Extract<Change, { readonly do: 'write' | 'create' | 'delete' | 'recreate' }>): void {
    const { cache } = this.#world
    const revision = (this.#count += 1)
    if (what.do === 'write') cache.update(what.id, what.isDone ? done(revision) : running(revision))
    if (what.do === 'delete' || what.do === 'recreate') cache.delete(what.id)
    if (what.do === 'create' || what.do === 'recreate') cache.getOrCreate(what.id, running(revision))
  }

  #place(what: Extract<Change, { readonly nth: number } | { readonly do: 'mount' }>): void {
    if (what.do === 'redraw') {
      this.#rows = this.#rows.map(({ row, isHidden }) => ({ row: { ...row }, isHidden }))
      return
    }
    if (what.do === 'mount') {
      const row: Row = {
        key: `row-${(this.#count += 1)}`,
        id: what.id,
        hook: what.hook,
        enabled: !what.isDisabled,
        wait: what.isWaiting ? newWait() : undefined,
      }
      this.#rows.push({ row, isHidden: false })
      return
    }
    const index = what.nth % Math.max(1, this.#rows.length)
    const [placed] = this.#rows.splice(index, 1)
    if (placed === undefined || what.do === 'unmount') return
    const { row, isHidden } = placed
    const again = (changed: Partial<Row>): void => {
      this.#rows.splice(index, 0, { row: { ...row, ...changed }, isHidden })
    }
    if (what.do === 'arrive') row.wait?.arrive()
    if (what.do === 'move') this.#rows.unshift(placed)
    // The row itself is the same, so nothing tells its component to draw anew.
    else if (what.do === 'hide') this.#rows.splice(index, 0, { row, isHidden: !isHidden })
    else if (what.do === 'enable') again({ enabled: !row.enabled })
    else if (what.do === 'wait') again({ wait: row.wait?.isOver === false ? row.wait : newWait() })
    else if (what.do === 'follow') again({ id: what.id })
    else again({})
  }
}

function idsOf({ hook: used, id: followed }: Row): readonly ItemId[] {
  return used === 'list' ? [followed, LISTED] : [followed]
}

function newWait(): Wait {
  let resolve: (() => void) | undefined
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  const wait = {
    promise,
    isOver: false,
    arrive: () => {
      wait.isOver = true
      resolve?.()
    },
  }
  return wait
}

/** A3 to A8 and A10 under everything at once: no frame tears, what is drawn is what the cache has, and nothing leaks. */
export function randomCases(driver: PageDriver, runs: number): void {
  describe(`At random, on ${driver.name}`, () => {
    it('A3, A5: no frame shows two revisions, every row ends with what the cache has, nothing is left', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(mount, { minLength: 2, maxLength: 6 }),
          fc.array(step, { maxLength: 60, size: 'max' }),
          async (first, steps) => {
            const environment = new VirtualEnvironment()
            const around = world({
              environment,
              sync: (batch) =>
                batch.map(({ id: asked, item }) =>
                  item.step % 3 === 0
                    ? { id: asked, action: 'fail' as const, error: new Error('down') }
                    : { id: asked, item: { ...item, step: item.step + 1000 } },
                ),
            })
            const { cache, clock } = around
            const page = await driver.mountPage(cache)
            const scene = new Scene(around, page)
            for (const what of first) await scene.apply(what, 'normal')
            for (const { change: what, urgency, units, isSettled } of steps) {
              await scene.apply(what, urgency)
              if (units > 0) await scene.checkFrame(units)
              if (isSettled) await scene.checkSettled()
            }
            await scene.checkSettled()
            expect(cache.isRunning).toBe(true)
            await page.unmount()
            expect(cache.stats().subscribers).toBe(0)
            expect(cache.isRunning).toBe(false)
            expect([clock.timers, environment.listeners]).toEqual([0, 0])
          },
        ),
        { numRuns: runs },
      )
      // As long as it takes to make a counterexample small.
    }, 600_000)
  })
}
