import { DurableObject } from 'cloudflare:workers'
import { InMemoryAutoRefresh, until } from '@auto-refresh/core'

interface Env {
  readonly BACKEND: string
  readonly JOBS: DurableObjectNamespace<Jobs>
}

interface Job {
  readonly state: 'running' | 'done' | 'cancelled'
  readonly progress: number
}

function makeJobs(backend: string): InMemoryAutoRefresh<Job> {
  return new InMemoryAutoRefresh<Job>({
    interval: 1000,
    isTerminal: ({ state }) => state !== 'running',
    sync: async (batch, { signal }) => {
      const query = batch.map(({ id }) => `id=${encodeURIComponent(id)}`).join('&')
      const response = await fetch(`${backend}/api/jobs?${query}`, { signal })
      if (!response.ok) throw new Error(`HTTP ${response.status}`)
      const states: Record<string, Job> = await response.json()
      return Object.entries(states).map(([id, item]) => ({ id, item }))
    },
  })
}

/** A cache that outlives a request lives in a Durable Object: timers of a plain Worker end with its request. */
export class Jobs extends DurableObject<Env> {
  readonly #jobs = makeJobs(this.env.BACKEND)

  follow(id: string): void {
    this.#jobs.start().getOrCreate(id)
  }

  show(id: string): string {
    const { status, item } = this.#jobs.getSnapshot(id)
    return item?.state ?? status
  }
}

export default {
  async fetch(request, env): Promise<Response> {
    const jobs = env.JOBS.getByName('all')
    if (request.method === 'POST') {
      const response = await fetch(`${env.BACKEND}/api/jobs`, { method: 'POST' })
      const { id }: { id: string } = await response.json()
      await jobs.follow(id)
      return new Response(id)
    }
    const [, id = '', end] = new URL(request.url).pathname.split('/')
    if (id === '')
      return new Response('POST / starts a job. GET /<its id> shows it; GET /<its id>/end waits for its end.')
    return new Response(end === 'end' ? await waitFor(id, env.BACKEND) : await jobs.show(id))
  },
} satisfies ExportedHandler<Env>

/** A cache may also live within one request. */
async function waitFor(id: string, backend: string): Promise<string> {
  const jobs = makeJobs(backend).start()
  jobs.getOrCreate(id)
  const { state } = await until(jobs, id)
  await jobs.stop()
  return state
}
