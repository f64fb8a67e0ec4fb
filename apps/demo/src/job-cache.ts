import { InMemoryAutoRefresh, type AutoRefresh, type SyncFunction } from '@auto-refresh/core'
import type { Job } from '@auto-refresh/demo-server/api'
import { hubClient } from '@auto-refresh/share/hub-client'
import { SharedAutoRefresh, tabs } from '@auto-refresh/share/tabs'
import { INTERVAL, isFinished } from '@auto-refresh/demo-server/job'
import type { Way } from './way.ts'

/** The cache of this page: React, Vue and Preact show what is in it. */
export function createJobCache(way: Way, sync: SyncFunction<Job>): AutoRefresh<Job> {
  const options = {
    name: 'jobs',
    sync, // One POST with the ids of all jobs that are due: see sync-jobs.ts.
    interval: INTERVAL,
    batchSize: 100,
    isTerminal: isFinished,
    missing: 'fail',
    timeout: 5000, // Shorter than the defaults, so that the faults act while you look.
    retry: { maxDelay: 15_000 },
  } as const
  if (way === 'alone') return new InMemoryAutoRefresh<Job>(options)
  const shared = { ...options, group: 'visitors', transport: tabs('jobs') }
  if (way === 'tabs') return new SharedAutoRefresh<Job>(shared)
  // One tab holds a stream, and the server asks the farm for all browsers.
  const { transport: upstream, ...hub } = hubClient<Job>({ url: '/hub' })
  return new SharedAutoRefresh<Job>({ ...shared, ...hub, upstream })
}
