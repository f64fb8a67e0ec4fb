import type { World } from '../world/world.ts'

/** The element for a page of rows, and the counts of its changes. */
export interface PageOptions {
  readonly container: Element
  readonly world: World
  /** Each component calls this when it is rendered. */
  readonly onRender: () => void
  /** Each component calls this when its change is in the page. */
  readonly onCommit: () => void
}

/** Adds a row per item to the page, and polls from then on. */
export type Page = (options: PageOptions) => void

/** Programs that show rows in a framework; otherwise they are configured as without one. */
export const PAGES = {
  react: {
    baseline: 'the baseline, `useSyncExternalStore` a row',
    'auto-refresh': 'auto-refresh, `useAutoRefreshItem` a row, all calls at once as the baseline',
    'auto-refresh-four': 'the same, four calls at a time, which is the default',
    'auto-refresh-list': 'auto-refresh, `useAutoRefreshItems` in one component',
    tanstack: 'react-query, `useQuery` a row',
    'tanstack-list': 'react-query, `useQuery` of the list a row with `select`',
    swr: 'SWR, `useSWR` a row with `refreshInterval`, no deduplication',
  },
  vue: {
    baseline: 'the baseline, a shallow ref a row',
    'auto-refresh': 'auto-refresh, `useAutoRefreshItem` a row, all calls at once as the baseline',
    'auto-refresh-four': 'the same, four calls at a time, which is the default',
    'auto-refresh-list': 'auto-refresh, `useAutoRefreshItems` in one component',
    tanstack: 'vue-query, `useQuery` a row, the field that is shown computed',
    colada: 'Pinia Colada with auto-refetch, `useQuery` a row, the field that is shown computed',
  },
  query: {
    'refetch-interval': 'react-query, `useQuery` a row with `refetchInterval`, as an application has it',
    connect: 'the same components after `connect` of `@auto-refresh/query`, calls of 100 ids',
    'connect-quiet': 'the same with `activity: false`',
  },
} as const

export type Framework = keyof typeof PAGES
export type ReactPageName = keyof typeof PAGES.react
export type VuePageName = keyof typeof PAGES.vue
export type QueryPageName = keyof typeof PAGES.query
