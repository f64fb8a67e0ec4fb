'use client'

import { useAutoRefreshItem } from '@auto-refresh/react'
import { createJobs, type Job } from 'farm-jobs'

// On the server, rendering starts nothing and adds nothing to the cache.
const jobs = createJobs()

export function JobView({ job }: { job: Job }) {
  const { item = job } = useAutoRefreshItem(jobs, job.id, { initialItem: job })
  return <output>{`${item.state} ${item.rows.done}/${item.rows.total}`}</output>
}
