import { useAutoRefreshItem } from '@auto-refresh/preact'
import { createJobs, submitJob, type Job } from 'farm-jobs'
import { render } from 'preact'

const jobs = createJobs()

function JobView({ job }: { job: Job }) {
  const { item = job } = useAutoRefreshItem(jobs, job.id, { initialItem: job })
  return <output>{`${item.state} ${item.rows.done}/${item.rows.total}`}</output>
}

const root = document.querySelector('#root')
if (root === null) throw new Error('The page has no root')
render(<JobView job={await submitJob()} />, root)
