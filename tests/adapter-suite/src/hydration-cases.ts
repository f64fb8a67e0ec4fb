import { hydrate } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { describe, expect, it, vi } from 'vitest'
import type { Driver, HydratedView } from './driver.ts'
import { drivenWorld, running, type DrivenWorld } from './world.ts'

/** The markup of a page that shows these texts. */
function pageOf(...texts: readonly string[]): string {
  return `<main>${texts.map((text) => `<b class="${text}" title="${text}">${text}</b>`).join('')}</main>`
}

/** A framework that sees to what differs. */
type HydratingDriver = Driver & Required<Pick<Driver, 'hydrate'>>

/** Hydrates the markup. Returns the page that follows, and the console's warnings. */
async function hydrated(
  driver: HydratingDriver,
  html: string,
  view: HydratedView,
): Promise<{ readonly page: string; readonly isKept: boolean; readonly warnings: readonly unknown[] }> {
  const spies = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')]
  for (const spy of spies) spy.mockClear().mockImplementation(() => undefined)
  const container = document.createElement('div')
  container.innerHTML = html
  const [main] = container.children
  await driver.hydrate(container, view)
  // The source answers.
  await driver.act(() => new VirtualClock().advance(0))
  const warnings = spies.flatMap((spy) => spy.mock.calls.map(([first]): unknown => first))
  for (const spy of spies) spy.mockRestore()
  return { page: attributesInOrder(container), isKept: container.children[0] === main, warnings }
}

/** Frameworks write attributes in different orders. */
function attributesInOrder(container: Element): string {
  const texts = [...container.querySelectorAll('b')].map((element) => {
    const { className, title, textContent } = element
    return `<b class="${className}" title="${title}">${textContent}</b>`
  })
  return `<main>${texts.join('')}</main>`
}

/** A cache that is ahead of the server. */
function ahead(driver: Driver, ...ids: readonly string[]): DrivenWorld {
  const made = drivenWorld(driver)
  for (const id of ids) made.cache.getOrCreate(id, running(5))
  return made
}

/** The states that a server's `dehydrate` returns. */
const dehydrated = (...ids: readonly string[]): unknown => ({
  version: 1,
  at: 0,
  states: ids.map((id) => ({ id, item: running(2), failureCount: 0, unchangedCount: 0 })),
})

/** A13: markup of a server that is older than the cache. */
export function hydrationCases(driver: HydratingDriver): void {
  describe.each([
    ['items', false],
    ['a list', true],
  ] as const)('hydration of %s', (_, isList) => {
    it('A13: agrees with an initial item, then shows the value in the cache', async () => {
      const { cache } = ahead(driver, 'a', 'b')
      const view = { cache, ids: ['a', 'b'], initialItem: running(1), isList }
      const { page, isKept, warnings } = await hydrated(driver, pageOf('active 1', 'active 1'), view)
      expect(warnings).toEqual([])
      expect(isKept).toBe(true)
      expect(page).toBe(pageOf('active 5', 'active 5'))
    })

    it('A13: agrees with the states that `hydrate` brought from the server', async () => {
      const { cache } = drivenWorld(driver)
      hydrate(cache, dehydrated('a', 'b'))
      cache.update('a', running(5))
      const view = { cache, ids: ['a', 'b'], initialItem: running(1), isList }
      const { page, isKept, warnings } = await hydrated(driver, pageOf('active 2', 'active 2'), view)
      expect(warnings).toEqual([])
      expect(isKept).toBe(true)
      expect(page).toBe(pageOf('active 5', 'active 2'))
    })

    it('A13: agrees with a server that had no value', async () => {
      const { cache } = ahead(driver, 'a')
      const { page, isKept, warnings } = await hydrated(driver, pageOf('pending -', 'pending -'), {
        cache,
        ids: ['a', 'b'],
        isList,
      })
      expect(warnings).toEqual([])
      expect(isKept).toBe(true)
      expect(page).toBe(pageOf('active 5', 'active 0'))
    })
  })
}

/** A2: an item of the server that was deleted since. Not for frameworks that do not tell that they hydrate. */
export function deletedCases(driver: HydratingDriver): void {
  it.each([
    ['items', false],
    ['a list', true],
  ] as const)(
    'A2, A13: hydration of %s agrees about a deleted item, and does not create it',
    async (_, isList) => {
      const { cache, calls } = drivenWorld(driver)
      hydrate(cache.start(), dehydrated('a', 'b'))
      cache.delete('b')
      const view = { cache, ids: ['a', 'b'], isList }
      const { page, isKept, warnings } = await hydrated(driver, pageOf('active 2', 'active 2'), view)
      expect(warnings).toEqual([])
      expect(isKept).toBe(true)
      expect(page).toBe(pageOf('active 2', 'missing -'))
      expect([...cache.ids()]).toEqual(['a'])
      expect(calls.flat()).not.toContain('b')
    },
  )
}
