import { createDevtools } from './create-devtools.ts'
import type { AutoRefreshDevtoolsElement } from './element.ts'
import type { InspectedCaches } from './inspected-caches.ts'

/** A plugin of TanStack Devtools, which fills the element that it is given. */
export interface DevtoolsPlugin {
  readonly id: string
  readonly name: string
  readonly render: (element: HTMLElement, props: { readonly theme: 'light' | 'dark' }) => void
  readonly destroy: () => void
}

/**
 * Makes a plugin of TanStack Devtools. The panel is kept while the plugin is closed, but records only while it is open.
 *
 * ```ts
 * new TanStackDevtoolsCore({ plugins: [devtoolsPlugin({ jobs })] }).mount(element)
 * ```
 */
export function devtoolsPlugin(caches: InspectedCaches): DevtoolsPlugin {
  let panel: AutoRefreshDevtoolsElement | undefined
  return {
    id: 'auto-refresh',
    name: 'Auto-refresh',
    render(element, { theme }) {
      panel ??= createDevtools(caches)
      panel.theme = theme
      if (panel.parentNode !== element) element.replaceChildren(panel)
    },
    destroy() {
      panel?.remove()
    },
  }
}
