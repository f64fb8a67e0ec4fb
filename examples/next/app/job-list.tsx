'use client'

import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { useAutoRefreshItem } from '@auto-refresh/react'
import { useState } from 'react'

export interface Job {
  readonly state: 'running' | 'done' | 'cancelled'
  /** From 0 to 1. */
  readonly progress: number
}

function makeJobs(): InMemoryAutoRefresh<Job> {
  return new InMemoryAutoRefresh<Job>({
    interval: 1000,
    missing: 'delete',
    isTerminal: ({ state }) => state !== 'running',
    sync: async (batch, { signal }) => {
      const query = batch.map(({ id }) => `id=${encodeURIComponent(id)}`).join('&')
      const response = await fetch(`/api/jobs?${query}`, { signal })
      if (!response.ok) throw new Error(`HTTP ${response.status}`)
      const states: Record<string, Job> = await response.json()
      return Object.entries(states).map(([id, item]) => ({ id, item }))
    },
  })
}

export function JobList({ listed }: { listed: readonly (Job & { readonly id: string })[] }) {
  // A state, because each request on the server has a cache of its own.
  const [jobs] = useState(makeJobs)
  const [ids, setIds] = useState(() => listed.map(({ id }) => id))
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
          <JobRow key={id} jobs={jobs} id={id} initialItem={listed.find((job) => job.id === id)} />
        ))}
      </ul>
    </>
  )
}

interface RowProps {
  readonly jobs: InMemoryAutoRefresh<Job>
  readonly id: string
  readonly initialItem: Job | undefined
}

function JobRow({ jobs, id, initialItem }: RowProps) {
  const { status, item } = useAutoRefreshItem(jobs, id, { initialItem })
  return (
    <li>
      {`${id}: ${item?.state ?? status} `}
      <progress value={item?.progress ?? 0} aria-label={`Progress of ${id}`} />
    </li>
  )
}
