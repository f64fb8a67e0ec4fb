// Typical mistakes, each after a line that names it. The compiler's messages are in `angular.txt`.
import type { InMemoryAutoRefresh } from '@auto-refresh/core'
import {
  injectAutoRefreshIds,
  injectAutoRefreshItem,
  injectAutoRefreshItems,
  injectAutoRefreshStatus,
} from '@auto-refresh/angular'

interface Job {
  readonly state: 'queued' | 'done'
  readonly progress: number
}

declare const jobs: InMemoryAutoRefresh<Job>
declare const id: string | null
declare const ids: string[] | undefined

// # an id that is no function
injectAutoRefreshItem(jobs, 'a')

// # an id that is a number
injectAutoRefreshItem(jobs, () => 7)

// # an id that may be null
injectAutoRefreshItem(jobs, () => id)

// # the id first
injectAutoRefreshItem('a', jobs)

// # no id
injectAutoRefreshItem({ cache: jobs, id: 'a' })

// # an option misspelt
injectAutoRefreshItem(jobs, () => 'a', { enable: () => false })

// # an option of another type
injectAutoRefreshItem(jobs, () => 'a', { enabled: true })

// # a first value without all fields
injectAutoRefreshItem(jobs, () => 'a', { initialItem: { state: 'queued' } })

// # a selection of a field that items do not have
injectAutoRefreshItem(jobs, () => 'a', { select: ({ item }) => item?.title })

// # a selection as if it got the item
injectAutoRefreshItem(jobs, () => 'a', { select: (job) => job.progress })

// # a selection of another type than is wanted
export const progress: string = injectAutoRefreshItem(jobs, () => 'a', {
  select: ({ item }) => item?.progress ?? 0,
})

// # a comparison of another type than is selected
injectAutoRefreshItem(jobs, () => 'a', {
  select: ({ item }) => item?.progress,
  equals: (a: string, b: string) => a === b,
})

// # a comparison of nothing
injectAutoRefreshItem(jobs, () => 'a', { equals: () => true })

// # the item as if it always had a value
export const state: string = injectAutoRefreshItem(jobs, () => 'a')().item.state

// # an id in place of a list
injectAutoRefreshItems(jobs, () => 'a')

// # a list that may be undefined
injectAutoRefreshItems(jobs, () => ids)

// # a first value in place of a function
injectAutoRefreshItems(jobs, () => ['a'], { initialItem: { state: 'queued', progress: 0 } })

// # items of a list as if they always had a value
injectAutoRefreshItems(jobs, () => ['a'], { select: ({ item }) => item.progress })

// # a field of the signal in place of its value
export const { status } = injectAutoRefreshItem(jobs, () => 'a')

// # no cache
injectAutoRefreshIds()

// # a field that the status does not have
export const { isFailing } = injectAutoRefreshStatus(jobs)()
