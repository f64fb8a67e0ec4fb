import { useAutoRefreshItem } from '@auto-refresh/react'
import { jobs, type Job } from '../jobs'

/** An island: the server renders the job, and the page polls it from then on. */
export default function JobRow({ id, job }: { id: string; job?: Job }) {
  const { status, item } = useAutoRefreshItem(jobs, id, job === undefined ? {} : { initialItem: job })
  return (
    <>
      {`${id}: ${item?.state ?? status} `}
      <progress value={item?.progress ?? 0} aria-label={`Progress of ${id}`} />
    </>
  )
}
