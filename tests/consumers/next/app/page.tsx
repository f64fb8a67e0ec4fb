import { submitJob } from 'farm-jobs'
import { JobView } from './job-view'

export const dynamic = 'force-dynamic'

export default async function Page() {
  return <JobView job={await submitJob(process.env.FARM)} />
}
