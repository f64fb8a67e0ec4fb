// deno run --allow-net main.ts http://127.0.0.1:3000
import { watch } from '@auto-refresh/core'
import { createJobs, submitJob } from 'farm-jobs'

const [farm] = Deno.args
await using jobs = createJobs(farm).start()
const job = await submitJob(farm)
jobs.getOrCreate(job.id, job)
for await (const { state, rows } of watch(jobs, job.id)) {
  console.log(`${state} ${rows.done}/${rows.total}`)
}
