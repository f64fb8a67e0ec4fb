import { InMemoryAutoRefresh, mutate, retryAfterOf } from '@auto-refresh/core'

export interface Job {
  readonly state: 'running' | 'done' | 'cancelled'
  /** From 0 to 1. */
  readonly progress: number
}

/** The cache: it asks for the states of all jobs that the page shows, in one request. */
export const jobs = new InMemoryAutoRefresh<Job>({
  interval: 1000,
  missing: 'delete',
  isTerminal: ({ state }) => state !== 'running',
  sync: async (batch, { signal }) => {
    const query = batch.map(({ id }) => `id=${encodeURIComponent(id)}`).join('&')
    const states = await request<Record<string, Job>>(`/api/jobs?${query}`, { signal })
    return Object.entries(states).map(([id, item]) => ({ id, item }))
  },
})

/** Returns the ids of all jobs. */
export async function fetchIds(): Promise<string[]> {
  const listed = await request<{ id: string }[]>('/api/jobs')
  return listed.map(({ id }) => id)
}

/** Starts a job, and returns its id. */
export async function startJob(): Promise<string> {
  const { id } = await request<{ id: string }>('/api/jobs', { method: 'POST' })
  return id
}

/** Shows the job as cancelled at once, and asks the server. */
export async function cancelJob(id: string): Promise<void> {
  await mutate(jobs, id, { state: 'cancelled', progress: 0 }, () =>
    request(`/api/jobs/${encodeURIComponent(id)}/cancel`, { method: 'POST' }),
  )
}

async function request<Body>(url: string, init?: RequestInit): Promise<Body> {
  const response = await fetch(url, init)
  if (!response.ok) {
    throw Object.assign(new Error(`HTTP ${response.status}`), { retryAfter: retryAfterOf(response) })
  }
  return response.json()
}
