import { InMemoryAutoRefresh } from '@auto-refresh/core'

export interface Job {
  readonly state: 'queued' | 'done'
}

/** Brought to the page by `initialItem`. */
export const FIRST: Job = { state: 'queued' }

export function newJobs(): InMemoryAutoRefresh<Job> {
  return new InMemoryAutoRefresh<Job>({
    interval: 50,
    async sync(batch, { signal }) {
      const query = batch.map(({ id }) => `id=${encodeURIComponent(id)}`).join('&')
      const response = await fetch(`/api/jobs?${query}`, { signal })
      const jobs: Record<string, Job> = await response.json()
      return Object.entries(jobs).map(([id, item]) => ({ id, item }))
    },
  })
}
