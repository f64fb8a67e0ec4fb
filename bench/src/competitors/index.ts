import type { Competitor } from '../world/world.ts'

/** The competitors, each in its best configuration. */
export const COMPETITORS = {
  baseline: 'the baseline: by hand, one timer, one call a batch, one map, one listener call a change',
  naive: 'naive: `setInterval` an item, a map, listeners',
  'auto-refresh':
    'auto-refresh: its defaults, batches of 100; `equals: Object.is` if the source answers the same objects, otherwise deep equality',
  tanstack:
    'TanStack query-core: an observer an item with `refetchInterval`; `setIsServer(() => false)`, `gcTime: Infinity`, `retry: false`, `networkMode: "always"`, `notifyOnChangeProps: ["data"]`, own key hash, all in the queries and nothing in the client’s defaults (which make each look-up 14 × dearer in V8), structural sharing only for fresh answers',
  'tanstack-list':
    'TanStack query-core, list: one query of the whole list with `refetchInterval`, an observer an item with `select` by index; otherwise as above',
  'rtk-query':
    'RTK Query: `initiate` an item with `pollingInterval`; no development checks, `autoBatch` by a timer of 0 ms, one subscription of the store for all rows',
  apollo:
    'Apollo Client: `watchQuery` an item with `pollInterval`, normalised cache, no deduplication, no developer tools',
  colada: 'Pinia Colada with auto-refetch: `useQuery` an item, `gcTime: false`, data watched synchronously',
} as const

export type CompetitorName = keyof typeof COMPETITORS

const MODULES: Readonly<Record<CompetitorName, () => Promise<{ readonly competitor: Competitor }>>> = {
  baseline: () => import('./baseline.ts'),
  naive: () => import('./naive.ts'),
  'auto-refresh': () => import('./auto-refresh.ts'),
  tanstack: () => import('./tanstack.ts'),
  'tanstack-list': () => import('./tanstack-list.ts'),
  'rtk-query': () => import('./rtk-query.ts'),
  apollo: () => import('./apollo.ts'),
  colada: () => import('./colada.ts'),
}

/** Loads a single competitor, so that the packages of the others cost nothing. */
export async function loadCompetitor(name: CompetitorName): Promise<Competitor> {
  return (await MODULES[name]()).competitor
}
