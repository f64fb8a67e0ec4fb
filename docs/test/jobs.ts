import { InMemoryAutoRefresh } from '@auto-refresh/core'

/** The cache of the first page, which the guides use. */
export interface Job {
  readonly state: 'running' | 'done' | 'failed'
  readonly progress: number
}

export const jobs = new InMemoryAutoRefresh<Job>({
  interval: 2000,
  missing: 'delete',
  isTerminal: ({ state }) => state === 'done' || state === 'failed',
  sync: (batch) => batch.map(({ id }) => ({ id, item: { state: 'done', progress: 1 } })),
})
