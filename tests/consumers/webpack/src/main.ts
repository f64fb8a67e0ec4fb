import { watch } from '@auto-refresh/core'
import { createJobs, submitJob } from 'farm-jobs'

const output = document.createElement('output')
const jobs = createJobs().start()
const job = await submitJob()
jobs.getOrCreate(job.id, job)
for await (const { state, rows } of watch(jobs, job.id)) {
  output.textContent = `${state} ${rows.done}/${rows.total}`
  if (!output.isConnected) document.body.append(output)
}
