import { InMemoryAutoRefresh, type Batch } from '@auto-refresh/core'
import type { Job } from '../world/job.ts'
import { BATCH, INTERVAL } from '../world/work.ts'
import type { Polling, World } from '../world/world.ts'

/**
 * The library with its defaults, in batches of 100; `Object.is` if the source answers the same objects.
 *
 * @param concurrency calls at a time; undefined: the default
 */
export function createCache(
  { work, backend, subjects, time }: World,
  concurrency?: number,
): InMemoryAutoRefresh<Job> {
  return new InMemoryAutoRefresh<Job>({
    interval:
      work.intervals === 'one' ? INTERVAL : ({ item }) => subjects[item?.id ?? 0]?.interval ?? INTERVAL,
    batchSize: BATCH,
    concurrency,
    equals: work.answers === 'same' ? Object.is : undefined,
    jitter: work.together ? 0 : undefined,
    clock: time,
    sync: (batch: Batch<Job>) => backend.answer(batch),
  })
}

export function competitor(world: World): Polling {
  const cache = createCache(world)
  let told = 0
  for (const { id, job } of world.subjects) {
    cache.getOrCreate(id, job)
    if (world.work.observed) cache.subscribe(id, () => (told += 1))
  }
  cache.start()
  return { told: () => told }
}
