import { defineDevtools } from './define-devtools.ts'
import { type AutoRefreshDevtoolsElement, TAG } from './element.ts'
import type { InspectedCaches } from './inspected-caches.ts'

/**
 * Makes a panel, to be put anywhere in the page.
 *
 * ```ts
 * document.body.append(createDevtools({ jobs }))
 * ```
 */
export function createDevtools(caches: InspectedCaches): AutoRefreshDevtoolsElement {
  defineDevtools()
  const element = document.createElement(TAG)
  element.caches = caches
  return element
}
