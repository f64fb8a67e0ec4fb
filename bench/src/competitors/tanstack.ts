import {
  environmentManager,
  QueryClient,
  QueryObserver,
  type QueryObserverOptions,
} from '@tanstack/query-core'
import type { Job } from '../world/job.ts'
import type { Polling, World } from '../world/world.ts'

/** A client without default options, because in V8 any of them makes each look-up of a query 14 times dearer. */
export function createClient(): QueryClient {
  // Without a window, TanStack polls only if it is told that it is not on a server.
  environmentManager.setIsServer(() => false)
  return new QueryClient()
}

/**
 * Options of each query instead: no retries, garbage timers and network checks; structural sharing only if answers are
 * fresh; notified of new data only.
 */
export function optionsOf({ work }: Pick<World, 'work'>): QueryOptions {
  return {
    retry: false,
    gcTime: Infinity,
    networkMode: 'always',
    refetchIntervalInBackground: true,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    structuralSharing: work.answers === 'fresh',
    notifyOnChangeProps: ['data'],
    queryKeyHashFn: ([key]) => String(key),
  }
}

interface QueryOptions {
  readonly retry: false
  readonly gcTime: number
  readonly networkMode: 'always'
  readonly refetchIntervalInBackground: true
  readonly refetchOnWindowFocus: false
  readonly refetchOnReconnect: false
  readonly structuralSharing: boolean
  readonly notifyOnChangeProps: ['data']
  readonly queryKeyHashFn: (key: readonly unknown[]) => string
}

export function competitor(world: World): Polling {
  const { work, subjects, backend } = world
  const client = createClient()
  const common = optionsOf(world)
  let told = 0
  for (const { id, job, interval } of subjects) {
    const options: QueryObserverOptions<Job> = {
      ...common,
      queryKey: [id],
      queryFn: backend.source(job),
      initialData: job,
      refetchInterval: interval,
    }
    if (work.observed) new QueryObserver(client, options).subscribe(() => (told += 1))
    else client.setQueryData([id], job)
  }
  return { told: () => told }
}
