// node main.mjs
import { InMemoryAutoRefresh, watch } from '@auto-refresh/core'

const backend = process.env['BACKEND'] ?? 'http://127.0.0.1:3001'

const jobs = new InMemoryAutoRefresh({
  interval: 1000,
  isTerminal: ({ state }) => state !== 'running',
  sync: async (batch, { signal }) => {
    const query = batch.map(({ id }) => `id=${encodeURIComponent(id)}`).join('&')
    const response = await fetch(`${backend}/api/jobs?${query}`, { signal })
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    const states = await response.json()
    return Object.entries(states).map(([id, item]) => ({ id, item }))
  },
})

// Three jobs are started, and followed together: one request per second.
jobs.start()
await Promise.all([1, 2, 3].map(follow))
await jobs.stop()

async function follow() {
  const response = await fetch(`${backend}/api/jobs`, { method: 'POST' })
  const { id } = await response.json()
  jobs.getOrCreate(id)
  for await (const { state, progress } of watch(jobs, id)) {
    console.log(`${id}: ${state} ${Math.round(progress * 100)} %`)
  }
}
