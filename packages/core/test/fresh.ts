import { running, unchanged, world, type Job } from './world.ts'

/** A cache in which `a` is fresh and the next call waits for the test. */
export async function fresh(options: Parameters<typeof world<Job>>[0] = {}) {
  let first = true
  const all = world({
    isTerminal: (job) => job.done,
    answer: (batch) => {
      if (!first) return 'wait'
      first = false
      return unchanged(batch)
    },
    ...options,
  })
  all.cache.start().getOrCreate('a', running())
  await all.clock.advance(100)
  return all
}
