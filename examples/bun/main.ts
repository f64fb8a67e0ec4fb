// bun main.ts
import { InMemoryAutoRefresh, watch } from '@auto-refresh/core'

interface Job {
  readonly state: 'running' | 'done' | 'cancelled'
  readonly progress: number
}

const backend = Bun.env['BACKEND'] ?? 'http://127.0.0.1:3001'

const jobs = new InMemoryAutoRefresh<Job>({
  interval: 1000,
  isTerminal: ({ state }) => state !== 'running',
  sync: async (batch, { signal }) => {
    const query = batch.map(({ id }) => `id=${encodeURIComponent(id)}`).join('&')
    const response = await fetch(`${backend}/api/jobs?${query}`, { signal })
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    const states = (await response.json()) as Record<string, Job>
    return Object.entries(states).map(([id, item]) => ({ id, item }))
  },
})

// Three jobs are started, and followed together: one request per second.
jobs.start()
await Promise.all([1, 2, 3].map(follow))
await jobs.stop()

async function follow(): Promise<void> {
  const response = await fetch(`${backend}/api/jobs`, { method: 'POST' })
  const { id } = (await response.json()) as { readonly id: string }
  jobs.getOrCreate(id)
  for await (const { state, progress } of watch(jobs, id)) {
    console.log(`${id}: ${state} ${Math.round(progress * 100)} %`)
  }
}
