import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { connect } from '@auto-refresh/query'
import type { QueryClient } from '@tanstack/react-query'
import { HttpError, type Job } from './api'
import { isOver, jobKeys } from './queries'

/** Lets one cache fetch the jobs of all components, in one request. */
export function connectJobs(queryClient: QueryClient): () => void {
  const jobs = new InMemoryAutoRefresh<Job>({
    interval: 2000,
    missing: 'delete',
    isTerminal: isOver,
    sync: async (batch, { signal }) => {
      const query = new URLSearchParams(batch.map(({ id }) => ['id', id]))
      const response = await fetch(`/api/jobs?${query}`, { signal })
      if (!response.ok) throw new HttpError(response.status)
      const states: Readonly<Record<string, Job>> = await response.json()
      return Object.entries(states).map(([id, item]) => ({ id, item }))
    },
  })
  return connect(jobs, queryClient, { queryKey: jobKeys.detail })
}
