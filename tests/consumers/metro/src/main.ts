import { watch } from '@auto-refresh/core'
import { createJobs, submitJob } from 'farm-jobs'

declare const FARM: string

async function follow() {
  const jobs = createJobs(FARM).start()
  const job = await submitJob(FARM)
  jobs.getOrCreate(job.id, job)
  for await (const { state, rows } of watch(jobs, job.id)) console.log(`${state} ${rows.done}/${rows.total}`)
  await jobs.stop()
}

void follow()
