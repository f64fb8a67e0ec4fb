import { useAutoRefreshItem } from '@auto-refresh/react'
import { createJobs, submitJob, type Job } from 'farm-jobs'
import type { GetServerSideProps } from 'next'

interface Props {
  job: Job
}

// On the server, rendering starts nothing and adds nothing to the cache.
const jobs = createJobs()

export const getServerSideProps: GetServerSideProps<Props> = async () => ({
  props: { job: await submitJob(process.env.FARM) },
})

export default function Page({ job }: Props) {
  const { item = job } = useAutoRefreshItem(jobs, job.id, { initialItem: job })
  return <output>{`${item.state} ${item.rows.done}/${item.rows.total}`}</output>
}
