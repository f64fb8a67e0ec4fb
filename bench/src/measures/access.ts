import { QueryObserver } from '@tanstack/query-core'
import { createCache } from '../competitors/auto-refresh.ts'
import { createBaseline } from '../competitors/baseline.ts'
import { createClient, optionsOf } from '../competitors/tanstack.ts'
import { spend } from '../world/cpu.ts'
import type { Subject, Work } from '../world/work.ts'
import { createVirtualWorld, type World } from '../world/world.ts'
import type { Numbers } from './refresh.ts'

export type AccessName = 'baseline' | 'auto-refresh' | 'tanstack'

interface Access {
  readonly read: (subject: Subject) => unknown
  /** Returns the unsubscribe function. */
  readonly subscribe: (subject: Subject) => () => void
}

const WARM_UP = { least: 3, milliseconds: 100 }
const MEASURED = { least: 3, milliseconds: 200 }

/** CPU ns of a read, and of a subscription and its end, in a scattered order of the items. */
export async function measureAccess(name: AccessName, work: Work): Promise<Numbers> {
  const world = createVirtualWorld(work)
  const { read, subscribe } = accesses[name](world)
  // 7919 is a prime.
  const order = world.subjects.toSorted(
    (a, b) => ((a.index * 7919) % work.items) - ((b.index * 7919) % work.items),
  )
  let found = 0
  const reads = await nanoseconds(order, (subject) => {
    if (read(subject) !== undefined) found += 1
  })
  if (found === 0) throw new Error('nothing was read')
  return { read: reads, subscribe: await nanoseconds(order, (subject) => subscribe(subject)()) }
}

async function nanoseconds(order: readonly Subject[], access: (subject: Subject) => void): Promise<number> {
  const once = async (): Promise<void> => {
    for (const subject of order) access(subject)
    // Deferred work counts, too.
    await Promise.resolve()
  }
  await spend(WARM_UP, once)
  const { microseconds, steps } = await spend(MEASURED, once)
  return (microseconds * 1000) / (steps * order.length)
}

const nothing = (): void => {}

const accesses: Readonly<Record<AccessName, (world: World) => Access>> = {
  baseline(world) {
    const { baseline } = createBaseline(world)
    return {
      read: ({ id }) => baseline.get(id),
      subscribe: ({ id }) => baseline.subscribe(id, nothing),
    }
  },
  'auto-refresh'(world) {
    const cache = createCache(world)
    for (const { id, job } of world.subjects) cache.getOrCreate(id, job)
    return {
      read: ({ id }) => cache.get(id),
      subscribe: ({ id }) => cache.subscribe(id, nothing),
    }
  },
  tanstack(world) {
    const { backend, subjects } = world
    const client = createClient()
    const common = optionsOf(world)
    const queries = subjects.map(({ id, job, interval }) => {
      const own = {
        queryKey: [id],
        queryFn: backend.source(job),
        initialData: job,
        refetchInterval: interval,
      }
      return Object.assign(own, common, { staleTime: Infinity })
    })
    for (const { queryKey, initialData } of queries) client.setQueryData(queryKey, initialData)
    return {
      read: ({ index }) => client.getQueryData(queries[index]?.queryKey ?? []),
      subscribe({ index }) {
        const query = queries[index]
        return query === undefined ? nothing : new QueryObserver(client, query).subscribe(nothing)
      },
    }
  },
}
