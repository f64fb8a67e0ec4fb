/** What the server knows of a job. */
export interface Job {
  readonly state: 'running' | 'done' | 'cancelled'
  /** From 0 to 1. */
  readonly progress: number
}

/** An answer of the server that is no success. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly status: number

  constructor(status: number) {
    super(`HTTP ${status}`)
    this.status = status
  }
}

/** Returns the ids of all jobs. */
export async function fetchIds(signal: AbortSignal): Promise<readonly string[]> {
  const listed = await request<readonly { readonly id: string }[]>('/api/jobs', { signal })
  return listed.map(({ id }) => id)
}

/** Returns a job, or throws a 404 if the server does not know it. */
export async function fetchJob(id: string, signal: AbortSignal): Promise<Job> {
  const states = await request<Readonly<Record<string, Job>>>(`/api/jobs?${new URLSearchParams({ id })}`, {
    signal,
  })
  const job = states[id]
  if (job === undefined) throw new HttpError(404)
  return job
}

/** Starts a job. */
export function startJob(): Promise<Job & { readonly id: string }> {
  return request('/api/jobs', { method: 'POST' })
}

/** Cancels a job, and returns its new state. */
export function cancelJob(id: string): Promise<Job> {
  return request(`/api/jobs/${encodeURIComponent(id)}/cancel`, { method: 'POST' })
}

async function request<Body>(url: string, init: RequestInit): Promise<Body> {
  const response = await fetch(url, init)
  if (!response.ok) throw new HttpError(response.status)
  return response.json()
}
