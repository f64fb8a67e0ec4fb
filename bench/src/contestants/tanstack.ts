import {
  environmentManager,
  QueryClient,
  QueryObserver,
  type QueryObserverOptions,
} from '@tanstack/query-core'
import type { Job } from '../world/job.ts'
import type { Polling, World } from '../world/world.ts'

/**
 * Without retries, garbage timers, network checks and default hashing; structural sharing only where answers are fresh; told
 * of nothing but new data.
 */
export function createClient({ work }: Pick<World, 'work'>): QueryClient {
  // Outside of a window it polls only when told that it is on no server.
  environmentManager.setIsServer(() => false)
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: false,
        gcTime: Infinity,
        networkMode: 'always',
        refetchIntervalInBackground: true,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        structuralSharing: work.answers === 'fresh',
        notifyOnChangeProps: ['data'],
        queryKeyHashFn: ([key]) => String(key),
      },
    },
  })
}

export function contestant(world: World): Polling {
  const { work, subjects, backend } = world
  const client = createClient(world)
  let told = 0
  for (const { id, job, interval } of subjects) {
    const options: QueryObserverOptions<Job> = {
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
