import { InMemoryAutoRefresh } from '@auto-refresh/core'

export interface Job {
  readonly state: 'running' | 'done' | 'cancelled'
  /** From 0 to 1. */
  readonly progress: number
}

/** All islands of the page share it. On the server nothing is put into it. */
export const jobs = new InMemoryAutoRefresh<Job>({
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
