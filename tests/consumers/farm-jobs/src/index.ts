/** The jobs of a render farm (`apps/demo/server`), kept up to date. `farm` is its address; '' is the page's own. */
import { InMemoryAutoRefresh } from '@auto-refresh/core'

export interface Job {
  readonly id: string
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'
  readonly rows: { readonly done: number; readonly total: number }
}

interface StatusAnswer {
  readonly id: string
  /** Undefined if the job is not known yet. */
  readonly job?: Job
}

/** A cache of the farm's jobs. */
export function createJobs(farm = ''): InMemoryAutoRefresh<Job> {
  return new InMemoryAutoRefresh<Job>({
    interval: 100,
    isTerminal: ({ state }) => state !== 'queued' && state !== 'running',
    async sync(batch, { signal }) {
      const body = { jobs: batch.map(({ id }) => ({ id })) }
      const { answers } = await post<{ answers: StatusAnswer[] }>(`${farm}/api/jobs/status`, body, signal)
      return answers.map(({ id, job }) => (job === undefined ? { id, action: 'delete' } : { id, item: job }))
    },
  })
}

/** Submits a scene that takes about a second to render. */
export async function submitJob(farm = ''): Promise<Job> {
  const frame = {
    center: { re: -0.745, im: 0.105 },
    span: 0.02,
    width: 240,
    height: 320,
    maxIterations: 3000,
  }
  const { job } = await post<{ job: Job }>(`${farm}/api/jobs`, { kind: 'mandelbrot', ...frame })
  return job
}

async function post<Answer>(url: string, body: unknown, signal?: AbortSignal): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: signal ?? null,
  })
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the farm keeps to its types
  return response.json() as Promise<Answer>
}
