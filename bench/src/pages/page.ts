import type { World } from '../world/world.ts'

/** Where a page of rows is put, and what is counted in it. */
export interface PageOptions {
  readonly container: Element
  readonly world: World
  /** To be called by each component when it is rendered. */
  readonly onRender: () => void
  /** To be called by each component when its change is in the page. */
  readonly onCommit: () => void
}

/** Puts a row an item into the page, and polls from then on. */
export type Page = (options: PageOptions) => void

/** Who shows rows, and how; all else as without a framework. */
export const PAGES = {
  react: {
    baseline: 'the baseline, `useSyncExternalStore` a row',
    'auto-refresh': 'auto-refresh, `useAutoRefreshItem` a row, all calls at once as the baseline',
    'auto-refresh-four': 'the same, four calls at a time, as it comes',
    'auto-refresh-list': 'auto-refresh, `useAutoRefreshItems` in one component',
    tanstack: 'react-query, `useQuery` a row',
    'tanstack-list': 'react-query, `useQuery` of the list a row with `select`',
    swr: 'SWR, `useSWR` a row with `refreshInterval`, no deduplication',
  },
  vue: {
    baseline: 'the baseline, a shallow ref a row',
    'auto-refresh': 'auto-refresh, `useAutoRefreshItem` a row, all calls at once as the baseline',
    'auto-refresh-four': 'the same, four calls at a time, as it comes',
    'auto-refresh-list': 'auto-refresh, `useAutoRefreshItems` in one component',
    tanstack: 'vue-query, `useQuery` a row, the field that is shown computed',
    colada: 'Pinia Colada with auto-refetch, `useQuery` a row, the field that is shown computed',
  },
} as const

export type Framework = keyof typeof PAGES
export type ReactPageName = keyof typeof PAGES.react
export type VuePageName = keyof typeof PAGES.vue
