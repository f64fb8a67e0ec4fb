// Typical mistakes, each after a line that names it. The compiler's messages are in `share.txt`.
import { fleet, redisStore } from '@auto-refresh/share/fleet'
import { Hub } from '@auto-refresh/share/hub'
import { hubClient } from '@auto-refresh/share/hub-client'
import { SharedAutoRefresh, tabs } from '@auto-refresh/share/tabs'

interface Job {
  readonly state: 'queued' | 'done'
  readonly progress: number
}

declare const fetchJobs: (ids: readonly string[]) => Promise<{ readonly id: string; readonly item: Job }[]>
const sync = (batch: readonly { readonly id: string }[]) => fetchJobs(batch.map(({ id }) => id))
declare const userId: number

// # no group
export const ungrouped = new SharedAutoRefresh({ interval: 2000, sync, transport: tabs('jobs') })

// # a group that is a number
export const numbered = new SharedAutoRefresh({
  interval: 2000,
  sync,
  group: userId,
  transport: tabs('jobs'),
})

// # no transport
export const alone = new SharedAutoRefresh({ interval: 2000, sync, group: 'u1' })

// # a transport that was not called
export const uncalled = new SharedAutoRefresh({ interval: 2000, sync, group: 'u1', transport: tabs })

// # tabs without a name
tabs()

// # a version that is a number
export const versioned = new SharedAutoRefresh({
  interval: 2000,
  sync,
  group: 'u1',
  transport: tabs('jobs'),
  version: 2,
})

// # a hub without rights
export const open = new Hub(ungrouped, {})

// # a hub that lets everybody in by a constant
export const everybody = new Hub(ungrouped, { authorize: true })

// # a client of a hub without an address
hubClient()

// # a fleet on an address
fleet('redis://localhost')

// # a store on an address
redisStore('redis://localhost')
