// Mistakes within an item that `sync` returns: a promise of a list of responses of items. The compiler names each of these.
import { InMemoryAutoRefresh } from '@auto-refresh/core'

interface Job {
  readonly state: 'queued' | 'done'
  readonly progress: number
}

declare const load: () => Promise<Record<string, Job | undefined>>
const interval = 1000

// # a field of another type
new InMemoryAutoRefresh<Job>({
  interval,
  sync: async (batch) => batch.map(({ id }) => ({ id, item: { state: 'done' as const, progress: '1' } })),
})

// # a field is missing
new InMemoryAutoRefresh<Job>({
  interval,
  sync: async (batch) => batch.map(({ id }) => ({ id, item: { progress: 1 } })),
})

// # an item that may be undefined
new InMemoryAutoRefresh<Job>({
  interval,
  async sync(batch) {
    const states = await load()
    return batch.map(({ id }) => ({ id, item: states[id] }))
  },
})

// # an id that is a number
new InMemoryAutoRefresh<Job>({
  interval,
  sync: async (batch) =>
    batch.map(({ item }, id) => ({ id, item: item ?? { state: 'done' as const, progress: 1 } })),
})

// # the item by another name
new InMemoryAutoRefresh<Job>({
  interval,
  async sync(batch) {
    const states = await load()
    return batch.map(({ id }) => ({ id, job: states[id] }))
  },
})
