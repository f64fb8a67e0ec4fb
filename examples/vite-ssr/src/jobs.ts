import { InMemoryAutoRefresh } from '@auto-refresh/core'

export interface Job {
  readonly state: 'running' | 'done' | 'cancelled'
  /** From 0 to 1. */
  readonly progress: number
}

export type Jobs = InMemoryAutoRefresh<Job>

/** Makes the cache of the page, and that of one request on the server. */
export function makeJobs(): Jobs {
  return new InMemoryAutoRefresh<Job>({
    interval: 1000,
    missing: 'delete',
    isTerminal: ({ state }) => state !== 'running',
    sync: async (batch, { signal }) => {
      const query = batch.map(({ id }) => `id=${encodeURIComponent(id)}`).join('&')
      const response = await fetch(`/api/jobs?${query}`, { signal })
      if (!response.ok) throw new Error(`HTTP ${response.status}`)
      const states: Record<string, Job> = await response.json()
      return Object.entries(states).map(([id, item]) => ({ id, item }))
    },
  })
}
