import { randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { InMemoryAutoRefresh } from '@auto-refresh/core'
import type { Hono } from 'hono'
import { LIMITS, type Job } from './api.ts'
import { createApp } from './app.ts'
import { RenderFarm } from './farm/render-farm.ts'
import { RenderPool } from './farm/render-pool.ts'
import { FaultSwitches } from './faults.ts'
import { Fleet } from './fleet/fleet.ts'
import { JobHub, jobOptions } from './hub/job-hub.ts'
import { syncJobs } from './sync-jobs.ts'
import { TrafficCounter } from './traffic.ts'

const MOST_WORKERS = 4

export interface BackendOptions {
  /** ms that a row of a picture takes at least. */
  readonly rowTime: number
  /** True: pages come from here, and a hub pushes the jobs to them. */
  readonly hasPages: boolean
  readonly pageFolder?: string | undefined
}

/** The render farm of a process. */
export interface Backend {
  readonly app: Hono
  close(): Promise<void>
}

export function createBackend({ rowTime, hasPages, pageFolder }: BackendOptions): Backend {
  const farm = new RenderFarm({
    pool: new RenderPool({
      workerUrl: new URL('./farm/render-worker.js', import.meta.url),
      // One core stays free for the server and the browser.
      workers: Math.min(MOST_WORKERS, Math.max(1, availableParallelism() - 1)),
      iterationBudget: LIMITS.iterationBudget,
      rowTime,
    }),
    capacity: LIMITS.jobs,
    now: Date.now,
    newId: randomUUID,
  })
  // The same request as a page's, without a network in between.
  const sync = syncJobs('', 'cache', (url, init) => app.request(url, init))
  const hub = hasPages ? new JobHub(new InMemoryAutoRefresh<Job>(jobOptions(sync))) : undefined
  const app = createApp({
    farm,
    faults: new FaultSwitches(Math.random),
    fleet: new Fleet({ size: LIMITS.nodes, changesPerSecond: 0.01, now: Date.now, random: Math.random }),
    traffic: new TrafficCounter(Date.now),
    hub,
    pageFolder,
  })
  return {
    app,
    async close() {
      await Promise.all([hub?.close(), farm.close()])
    },
  }
}
