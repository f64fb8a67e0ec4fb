import type { Work } from '../world/work.ts'

export const BROWSER_WORK: Work = {
  items: 10_000,
  changed: 0.01,
  answers: 'fresh',
  intervals: 'one',
  observed: true,
  together: false,
}

/** Programs that keep the rows of the page fresh. */
export const BROWSER_COMPETITORS = {
  nobody: 'nobody: the rows alone',
  'auto-refresh': 'auto-refresh, as it comes',
  'tanstack-list': 'TanStack query-core, one query of the whole list with `select`',
  tanstack: 'TanStack query-core, an observer an item',
} as const

export type BrowserCompetitor = keyof typeof BROWSER_COMPETITORS
