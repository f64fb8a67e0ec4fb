import { QueryObserver, type QueryObserverOptions } from '@tanstack/query-core'
import type { Job } from '../world/job.ts'
import { INTERVAL } from '../world/work.ts'
import type { Polling, World } from '../world/world.ts'
import { createClient, optionsOf } from './tanstack.ts'

export type JobList = readonly Job[]

/** The query of the whole list: one call per round. */
export function listQuery(world: World): QueryObserverOptions<JobList> & { queryKey: string[] } {
  const { backend, subjects } = world
  const first = subjects.map(({ job }) => job)
  let list: JobList = first
  return {
    ...optionsOf(world),
    queryKey: ['jobs'],
    initialData: first,
    queryFn: async () => {
      backend.calls += 1
      list = list.map((job) => backend.next(job))
      return list
    },
  }
}

/** TanStack's best case: one query of the whole list. Each observer selects its item by the index. */
export function competitor(world: World): Polling {
  const client = createClient()
  const query = listQuery(world)
  let told = 0
  for (const { index } of world.subjects) {
    const options: QueryObserverOptions<JobList, Error, Job | undefined, JobList> = {
      ...query,
      staleTime: Infinity,
      select: (list) => list[index],
    }
    new QueryObserver(client, options).subscribe(() => (told += 1))
  }
  new QueryObserver(client, { ...query, refetchInterval: INTERVAL }).subscribe(() => {})
  return { told: () => told }
}
