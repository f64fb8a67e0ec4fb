import { useAutoRefreshItem, useAutoRefreshStatus } from '@auto-refresh/react'
import { useEffect, useState } from 'react'
import { cancelJob, fetchIds, jobs, startJob } from './jobs'

export function App() {
  const [ids, setIds] = useState<readonly string[]>([])
  const [message, setMessage] = useState('')
  const fail = (error: unknown): void => setMessage(String(error))
  useEffect(() => {
    fetchIds().then(setIds, fail)
  }, [])
  const start = (): void => {
    startJob().then((id) => setIds((present) => [...present, id]), fail)
  }
  return (
    <main>
      <h1>Jobs</h1>
      <Banner />
      <button onClick={start}>Start a job</button>
      <ul>
        {ids.map((id) => (
          <JobRow key={id} id={id} onError={fail} />
        ))}
      </ul>
      <p role="status">{message}</p>
    </main>
  )
}

/** Renders again only if this job changes. It is polled while it is shown, until it is finished. */
function JobRow({ id, onError }: { id: string; onError: (error: unknown) => void }) {
  const { status, item, error } = useAutoRefreshItem(jobs, id)
  if (status === 'missing') return <li>{id}: there is no such job</li>
  if (status === 'pending') return <li>{`${id}: ${error === undefined ? 'loading' : 'cannot be loaded'}`}</li>
  return (
    <li>
      {`${id}: ${item.state} `}
      <progress value={item.progress} aria-label={`Progress of ${id}`} />
      {item.state === 'running' && (
        <button onClick={() => void cancelJob(id).catch(onError)}>Cancel {id}</button>
      )}
    </li>
  )
}

function Banner() {
  const { isOutage } = useAutoRefreshStatus(jobs)
  if (!isOutage) return null
  return (
    <p role="alert">
      The server cannot be reached.{' '}
      <button onClick={() => void jobs.refreshAll().catch(() => undefined)}>Try now</button>
    </p>
  )
}
