import type { InspectedCaches } from './inspected-caches.ts'

/** The panel as an element. It fills its box; the page says where and how large that is. */
export interface AutoRefreshDevtoolsElement extends HTMLElement {
  /** The caches to look at, by name. Default none. */
  caches: InspectedCaches
  /** `light` or `dark`; undefined: as the reader's system. Reflects the attribute `theme`. */
  theme: 'light' | 'dark' | undefined
  /** True: values of items are shown. Default false. Reflects the attribute `values`. */
  values: boolean
  /** True: has a button that sends the event `close`. Default false. Reflects the attribute `closable`. */
  closable: boolean
}

/** The name of the element. */
export const TAG = 'auto-refresh-devtools'

/** True if the element is a panel that has come to life. */
export function isDevtools(element: Element): element is AutoRefreshDevtoolsElement {
  return element.localName === TAG && 'caches' in element
}
