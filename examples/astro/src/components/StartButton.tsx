import { useState } from 'react'
import JobRow from './JobRow'

/** Another island: it starts jobs, and shows those that it has started. */
export default function StartButton() {
  const [ids, setIds] = useState<readonly string[]>([])
  const start = async (): Promise<void> => {
    const response = await fetch('/api/jobs', { method: 'POST' })
    const { id }: { id: string } = await response.json()
    setIds((present) => [...present, id])
  }
  return (
    <>
      <button onClick={() => void start()}>Start a job</button>
      <ul>
        {ids.map((id) => (
          <li key={id}>
            <JobRow id={id} />
          </li>
        ))}
      </ul>
    </>
  )
}
