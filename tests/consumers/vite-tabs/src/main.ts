import { SharedAutoRefresh, tabs } from '@auto-refresh/share/tabs'
import { submitJob, type Job } from 'farm-jobs'

/** Shared by all tabs. A finished job is asked for, too, so that there is something to count. */
const jobs = new SharedAutoRefresh<Job>({
  interval: 500,
  group: 'me',
  transport: tabs('jobs'),
  async sync(batch, { signal }) {
    const response = await fetch('/api/jobs/status', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jobs: batch.map(({ id }) => ({ id })) }),
      signal,
    })
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    const { answers }: { answers: { id: string; job: Job }[] } = await response.json()
    return answers.map(({ id, job }) => ({ id, item: job }))
  },
}).start()

function show(name: string, text: string): void {
  const output = document.querySelector(`#${name}`)
  if (output === null) throw new Error(`The page has no ${name}`)
  output.textContent = text
}

// The first tab submits the job, and its address is the other tabs'.
if (location.hash === '') location.hash = (await submitJob()).id
const id = location.hash.slice(1)

function showJob(): void {
  const job = jobs.get(id)
  show('job', job === undefined ? '' : `${job.state} ${job.rows.done}/${job.rows.total}`)
}

jobs.subscribe(id, showJob)
jobs.getOrCreate(id)
showJob()
jobs.onEvent(() => show('role', jobs.stats().role))
