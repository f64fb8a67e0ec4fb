import { useState } from 'react'
import { Details } from './details'
import { JobList } from './job-list'
import { StatusBar } from './status-bar'
import { useStartJob } from './queries'

export function App() {
  const [selected, setSelected] = useState<string>()
  return (
    <main>
      <h1>Jobs</h1>
      <StatusBar />
      <StartButton />
      <JobList onSelect={setSelected} />
      <Details id={selected} />
    </main>
  )
}

function StartButton() {
  const start = useStartJob()
  return (
    <p>
      <button disabled={start.isPending} onClick={() => start.mutate()}>
        Start a job
      </button>
      {start.isError && <span role="alert"> It could not be started: {start.error.message}</span>}
    </p>
  )
}
