import { useAutoRefreshItem } from '@auto-refresh/react'
import { createJobs, submitJob, type Job } from 'farm-jobs'
import { createRoot } from 'react-dom/client'

const jobs = createJobs()

function JobView({ job }: { job: Job }) {
  const { item = job } = useAutoRefreshItem(jobs, job.id, { initialItem: job })
  return <output>{`${item.state} ${item.rows.done}/${item.rows.total}`}</output>
}

async function show() {
  const root = document.querySelector('#root')
  if (root === null) throw new Error('The page has no root')
  createRoot(root).render(<JobView job={await submitJob()} />)
}

void show()
