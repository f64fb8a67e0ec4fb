// Typical mistakes, each after a line that names it. The compiler's messages are in `devtools.txt`.
import type { InMemoryAutoRefresh } from '@auto-refresh/core'
import { createDevtools, devtoolsPlugin, simulate } from '@auto-refresh/devtools'

interface Job {
  readonly state: 'queued' | 'done'
}

declare const jobs: InMemoryAutoRefresh<Job>
declare const sync: () => Promise<{ readonly id: string; readonly item: Job }[]>

// # no caches
createDevtools()

// # a number in place of caches
devtoolsPlugin(7)

// # a cache in place of its options
simulate(jobs)

// # simulated options without an interval
simulate({ sync })
