// Typical mistakes, each after a line that names it. The compiler's messages are in `lit.txt`.
import type { InMemoryAutoRefresh } from '@auto-refresh/core'
import {
  useAutoRefreshIds,
  useAutoRefreshItem,
  useAutoRefreshItems,
  useAutoRefreshStatus,
} from '@auto-refresh/lit'
import type { ReactiveControllerHost } from 'lit'

interface Job {
  readonly state: 'queued' | 'done'
  readonly progress: number
}

declare const jobs: InMemoryAutoRefresh<Job>
declare const id: string | null
declare const ids: string[] | undefined
declare const host: ReactiveControllerHost

// # an id that is no function
useAutoRefreshItem(host, jobs, 'a')

// # an id that is a number
useAutoRefreshItem(host, jobs, () => 7)

// # an id that may be null
useAutoRefreshItem(host, jobs, () => id)

// # the id first
useAutoRefreshItem(host, () => 'a', jobs)

// # no id
useAutoRefreshItem(host, jobs)

// # an option misspelt
useAutoRefreshItem(host, jobs, () => 'a', { enable: false })

// # an option of another type
useAutoRefreshItem(host, jobs, () => 'a', { enabled: 'yes' })

// # a first value without all fields
useAutoRefreshItem(host, jobs, () => 'a', { initialItem: { state: 'queued' } })

// # a selection of a field that items do not have
useAutoRefreshItem(host, jobs, () => 'a', { select: ({ item }) => item?.title })

// # a selection as if it got the item
useAutoRefreshItem(host, jobs, () => 'a', { select: (job) => job.progress })

// # a comparison of another type than is selected
useAutoRefreshItem(host, jobs, () => 'a', {
  select: ({ item }) => item?.progress,
  equals: (a: string, b: string) => a === b,
})

// # the item as if it always had a value
export const state: string = useAutoRefreshItem(host, jobs, () => 'a').value.item.state

// # the snapshot as if it were read already
export const { status } = useAutoRefreshItem(host, jobs, () => 'a')

// # a list in place of a function
useAutoRefreshItems(host, jobs, ['a'])

// # a list that may be undefined
useAutoRefreshItems(host, jobs, () => ids)

// # a first value in place of a function
useAutoRefreshItems(host, jobs, () => ['a'], { initialItem: { state: 'queued', progress: 0 } })

// # no cache
useAutoRefreshIds(host)

// # a field that the status does not have
export const failing = useAutoRefreshStatus(host, jobs).value.isFailing

// # no host
useAutoRefreshItem(jobs, () => 'a')
