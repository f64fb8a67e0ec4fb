// Typical mistakes, each after a line that names it. The compiler's messages are in `query.txt`.
import type { InMemoryAutoRefresh } from '@auto-refresh/core'
import { connect, queryOptions } from '@auto-refresh/query'
import type { QueryClient } from '@tanstack/query-core'

interface Job {
  readonly state: 'queued' | 'done'
  readonly progress: number
}

declare const jobs: InMemoryAutoRefresh<Job>
declare const queryClient: QueryClient

// # no key
connect(jobs, queryClient)

// # a key in place of a function
connect(jobs, queryClient, { queryKey: ['jobs'] })

// # a key that is no list
connect(jobs, queryClient, { queryKey: (id) => `jobs/${id}` })

// # an option misspelt
connect(jobs, queryClient, { queryKey: (id) => ['jobs', id], activities: false })

// # the client first
connect(queryClient, jobs, { queryKey: (id) => ['jobs', id] })

// # an id that is a number
queryOptions(jobs, 7, { queryKey: (id) => ['jobs', id] })

// # options without a key
queryOptions(jobs, 'a')

// # data of another type than the items
queryClient.setQueryData(queryOptions(jobs, 'a', { queryKey: (id) => ['jobs', id] }).queryKey, {
  state: 'queued',
})
