// Submits ten renders to the demo's farm (`npm start`), and prints their progress. Runs unchanged in
// Node (`node --import tsx` before 22.18), Deno (`deno run --allow-net`) and Bun.
import process from 'node:process'
import { InMemoryAutoRefresh, until, watch } from '@auto-refresh/core'
import type { Job, StatusResponse, VersionedJob } from '@auto-refresh/demo-server/api'

const farm = process.argv[2] ?? 'http://127.0.0.1:3000'
const frame = { center: { re: -0.745, im: 0.105 }, span: 0.02, width: 240, height: 160 }

async function post<Answer>(path: string, body: unknown, signal: AbortSignal | null = null): Promise<Answer> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(farm + path, { method: 'POST', headers, body: JSON.stringify(body), signal })
  if (!response.ok) throw new Error(`${path} answered ${response.status}`)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the farm keeps to its types
  return response.json() as Promise<Answer>
}

const cache = new InMemoryAutoRefresh<Job>({
  interval: 500,
  isTerminal: (job) => job.state !== 'queued' && job.state !== 'running',
  async sync(batch, { signal }) {
    const jobs = batch.map(({ id, validator: version }) => ({ id, version }))
    const { answers } = await post<StatusResponse>('/api/jobs/status', { jobs }, signal)
    return answers.map((answer) => {
      if (answer.status === 'changed') return { id: answer.id, item: answer.job, validator: answer.version }
      return { id: answer.id, action: answer.status === 'gone' ? 'delete' : 'unchanged' }
    })
  },
}).start()

async function submitAndPrint(): Promise<Job> {
  const scene = { kind: 'mandelbrot', maxIterations: 2000, ...frame }
  const { job } = await post<VersionedJob>('/api/jobs', scene)
  cache.getOrCreate(job.id, job)
  for await (const { state, rows } of watch(cache, job.id)) {
    console.log(job.id, state, `${rows.done}/${rows.total} rows`)
  }
  return until(cache, job.id)
}

const ended = await Promise.all(Array.from({ length: 10 }, submitAndPrint))
console.log(`${ended.length} jobs ended, after ${cache.stats().syncCalls} status requests`)
await cache.stop()
