// Typical mistakes, each after a line that names it. The compiler's messages are in `core.txt`.
import { InMemoryAutoRefresh, lru, mutate, until } from '@auto-refresh/core'

interface Job {
  readonly state: 'queued' | 'done'
  readonly progress: number
}

declare const jobs: InMemoryAutoRefresh<Job>
declare const loadRecord: (ids: string[]) => Promise<Record<string, Job>>
declare const loadList: (ids: string[]) => Promise<Job[]>
const interval = 1000

// # the record of the server's answer
new InMemoryAutoRefresh<Job>({ interval, sync: async (batch) => loadRecord(batch.map(({ id }) => id)) })

// # the items themselves
new InMemoryAutoRefresh<Job>({ interval, sync: async (batch) => loadList(batch.map(({ id }) => id)) })

// # the response of fetch
new InMemoryAutoRefresh<Job>({ interval, sync: (_, { signal }) => fetch('/api/jobs', { signal }) })

// # one object in place of a list
new InMemoryAutoRefresh<Job>({ interval, sync: async () => ({ id: 'a', action: 'delete' as const }) })

// # not async, and a promise for each item
new InMemoryAutoRefresh<Job>({ interval, sync: (batch) => batch.map(({ id }) => loadList([id])) })

// # nothing is returned
new InMemoryAutoRefresh<Job>({
  interval,
  async sync(batch) {
    await loadList(batch.map(({ id }) => id))
  },
})

// # no item
new InMemoryAutoRefresh<Job>({ interval, sync: async (batch) => batch.map(({ id }) => ({ id })) })

// # an action that does not exist
new InMemoryAutoRefresh<Job>({
  interval,
  sync: async (batch) => batch.map(({ id }) => ({ id, action: 'remove' })),
})

// # a failure without an error
new InMemoryAutoRefresh<Job>({
  interval,
  sync: async (batch) => batch.map(({ id }) => ({ id, action: 'fail' as const })),
})

// # the item by id, as if there was one batch per item
new InMemoryAutoRefresh<Job>({ interval, sync: async (id: string) => [{ id, action: 'unchanged' as const }] })

// # the item as if it always had a value
new InMemoryAutoRefresh<Job>({
  interval,
  sync: async (batch) =>
    batch.map(({ id, item }) => ({ id, item: { state: 'done' as const, progress: item.progress + 1 } })),
})

// # an option misspelt
new InMemoryAutoRefresh<Job>({ intervall: 1000, sync: async () => [] })

// # an option that is needed
new InMemoryAutoRefresh<Job>({ interval })

// # an interval as text
new InMemoryAutoRefresh<Job>({ interval: '2s', sync: async () => [] })

// # an interval that may be undefined
new InMemoryAutoRefresh<Job>({ interval: ({ item }) => item?.progress, sync: async () => [] })

// # a field that items do not have
new InMemoryAutoRefresh<Job>({ interval, sync: async () => [], isTerminal: (job) => job.status === 'done' })

// # a value that an option does not know
new InMemoryAutoRefresh<Job>({ interval, sync: async () => [], missing: 'remove' })

// # an option of an option misspelt
new InMemoryAutoRefresh<Job>({ interval, sync: async () => [], retry: { maxRetries: 3 } })

// # a policy that is not called
new InMemoryAutoRefresh<Job>({ interval, sync: async () => [], policies: [lru] })

// # one policy in place of a list
new InMemoryAutoRefresh<Job>({ interval, sync: async () => [], policies: lru(3) })

// # an id that is a number
jobs.getOrCreate(7)

// # a value without all fields
jobs.getOrCreate('a', { state: 'done' })

// # a value as if there always was one
jobs.get('a').progress.toFixed()

// # ids in place of an id
void jobs.refresh(['a'])

// # one response in place of a list
jobs.ingest({ id: 'a', action: 'delete' })

// # an expected value of another type
void mutate(jobs, 'a', { state: 'running' }, async () => undefined)

// # options in place of a condition
void until(jobs, 'a', { signal: AbortSignal.timeout(1000) })

// # no listener
jobs.subscribe('a')
