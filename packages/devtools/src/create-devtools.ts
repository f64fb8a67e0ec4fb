import { defineDevtools } from './define-devtools.ts'
import { type AutoRefreshDevtoolsElement, isDevtools, TAG } from './element.ts'
import type { InspectedCaches } from './inspected-caches.ts'

/**
 * Makes a panel, to be put anywhere in the page.
 *
 * ```ts
 * document.body.append(createDevtools({ jobs }))
 * ```
 *
 * @throws {Error} if something else has defined the element
 */
export function createDevtools(caches: InspectedCaches): AutoRefreshDevtoolsElement {
  defineDevtools()
  const element = document.createElement(TAG)
  if (!isDevtools(element)) throw new Error(`createDevtools: <${TAG}> is another element here`)
  element.caches = caches
  return element
}
