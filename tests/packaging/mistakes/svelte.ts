// Typical mistakes, each after a line that names it. The compiler's messages are in `svelte.txt`.
import type { InMemoryAutoRefresh } from '@auto-refresh/core'
import {
  useAutoRefreshIds,
  useAutoRefreshItem,
  useAutoRefreshItems,
  useAutoRefreshStatus,
} from '@auto-refresh/svelte'

interface Job {
  readonly state: 'queued' | 'done'
  readonly progress: number
}

declare const jobs: InMemoryAutoRefresh<Job>
declare const id: string | null
declare const ids: string[] | undefined

// # an id that is no function
useAutoRefreshItem(jobs, 'a')

// # an id that is a number
useAutoRefreshItem(jobs, () => 7)

// # an id that may be null
useAutoRefreshItem(jobs, () => id)

// # the id first
useAutoRefreshItem(() => 'a', jobs)

// # no id
useAutoRefreshItem(jobs)

// # an option misspelt
useAutoRefreshItem(jobs, () => 'a', { enable: false })

// # an option of another type
useAutoRefreshItem(jobs, () => 'a', { enabled: 'yes' })

// # a first value without all fields
useAutoRefreshItem(jobs, () => 'a', { initialItem: { state: 'queued' } })

// # a selection of a field that items do not have
useAutoRefreshItem(jobs, () => 'a', { select: ({ item }) => item?.title })

// # a selection as if it got the item
useAutoRefreshItem(jobs, () => 'a', { select: (job) => job.progress })

// # a comparison of another type than is selected
useAutoRefreshItem(jobs, () => 'a', {
  select: ({ item }) => item?.progress,
  equals: (a: string, b: string) => a === b,
})

// # the item as if it always had a value
export const state: string = useAutoRefreshItem(jobs, () => 'a').current.item.state

// # the snapshot as if it were read already
export const { status } = useAutoRefreshItem(jobs, () => 'a')

// # a list in place of a function
useAutoRefreshItems(jobs, ['a'])

// # a list that may be undefined
useAutoRefreshItems(jobs, () => ids)

// # a first value in place of a function
useAutoRefreshItems(jobs, () => ['a'], { initialItem: { state: 'queued', progress: 0 } })

// # no cache
useAutoRefreshIds()

// # a field that the status does not have
export const failing = useAutoRefreshStatus(jobs).current.isFailing
