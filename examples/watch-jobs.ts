// Submits ten renders to the demo's farm (`npm start`) and follows them. Runs unchanged in Node (before 22.18 with
// `--import tsx`), Deno and Bun. An argument says where the farm is.
import process from 'node:process'
import { InMemoryAutoRefresh, until, watch } from '@auto-refresh/core'
import type { Job, StatusResponse, VersionedJob } from '@auto-refresh/demo-server/api'

async function post<Answer>(path: string, body: unknown, signal: AbortSignal | null = null): Promise<Answer> {
  const headers = { 'content-type': 'application/json' }
  const farm = process.argv[2] ?? 'http://127.0.0.1:3000'
  const response = await fetch(farm + path, { method: 'POST', headers, body: JSON.stringify(body), signal })
  if (!response.ok) throw new Error(`${path} answered ${response.status}`)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the farm keeps to its types
  return response.json() as Promise<Answer>
}

const jobs = new InMemoryAutoRefresh<Job>({
  interval: 500,
  isTerminal: (job) => job.state !== 'queued' && job.state !== 'running',
  async sync(batch, { signal }) {
    const asked = batch.map(({ id, validator: version }) => ({ id, version }))
    const { answers } = await post<StatusResponse>('/api/jobs/status', { jobs: asked }, signal)
    return answers.map((answer) => {
      if (answer.status === 'changed') return { id: answer.id, item: answer.job, validator: answer.version }
      return { id: answer.id, action: answer.status === 'gone' ? 'delete' : 'unchanged' }
    })
  },
}).start()

const frame = { center: { re: -0.745, im: 0.105 }, span: 0.02, width: 240, height: 160, maxIterations: 2000 }
const ended = Array.from({ length: 10 }, async () => {
  const { job, version } = await post<VersionedJob>('/api/jobs', { kind: 'mandelbrot', ...frame })
  const { id } = jobs.getOrCreate(job.id, job, { validator: version })
  for await (const { state, rows } of watch(jobs, id))
    console.log(id, state, `${rows.done}/${rows.total} rows`)
  return until(jobs, id)
})
console.log(
  `${(await Promise.all(ended)).length} jobs ended, after ${jobs.stats().syncCalls} status requests`,
)
await jobs.stop()
