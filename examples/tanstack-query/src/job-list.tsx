import { useQuery } from '@tanstack/react-query'
import { ErrorMessage } from './error-message'
import { isOver, jobListOptions, jobOptions, useCancelJob } from './queries'

export function JobList({ onSelect }: { onSelect: (id: string) => void }) {
  const { data: ids, error, isPending, refetch } = useQuery(jobListOptions())
  if (isPending) return <p>Loading the list…</p>
  if (ids === undefined) return <ErrorMessage error={error} onRetry={() => void refetch()} />
  return (
    <ul>
      {ids.map((id) => (
        <JobRow key={id} id={id} onSelect={onSelect} />
      ))}
    </ul>
  )
}

/** Renders again only if this job changes. */
function JobRow({ id, onSelect }: { id: string; onSelect: (id: string) => void }) {
  const { data: job, error, isPending, isError, refetch } = useQuery(jobOptions(id))
  if (isPending) return <li>{`${id}: loading`}</li>
  if (job === undefined) {
    return (
      <li>
        {`${id}: `}
        <ErrorMessage error={error} onRetry={() => void refetch()} />
      </li>
    )
  }
  return (
    <li>
      <button onClick={() => onSelect(id)}>{id}</button>
      {`: ${job.state} `}
      <progress value={job.progress} aria-label={`Progress of ${id}`} />
      {!isOver(job) && <CancelButton id={id} />}
      {isError && <ErrorMessage error={error} onRetry={() => void refetch()} />}
    </li>
  )
}

function CancelButton({ id }: { id: string }) {
  const cancel = useCancelJob(id)
  return (
    <>
      <button disabled={cancel.isPending} onClick={() => cancel.mutate()}>
        Cancel {id}
      </button>
      {cancel.isError && <span role="alert"> Not cancelled: {cancel.error.message}</span>}
    </>
  )
}
