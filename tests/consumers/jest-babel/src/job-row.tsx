import type { AutoRefresh } from '@auto-refresh/core'
import { useAutoRefreshItem } from '@auto-refresh/react'

export interface Job {
  readonly progress: number
}

export function JobRow({ jobs, id }: { jobs: AutoRefresh<Job>; id: string }) {
  const { status, item } = useAutoRefreshItem(jobs, id)
  return <output>{status === 'pending' ? 'Loading…' : `${item?.progress} %`}</output>
}
