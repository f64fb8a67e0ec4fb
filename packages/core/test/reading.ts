import { watch, type AutoRefresh } from '@auto-refresh/core'
import type { Job } from './world.ts'

/** Reads on as fast as it can, and keeps what came. */
export function reading(
  cache: AutoRefresh<Job>,
  id: string,
  options?: { signal?: AbortSignal },
): { readonly seen: readonly Job[]; readonly state: 'open' | 'ended' | 'failed'; readonly error: unknown } {
  const reader: { seen: Job[]; state: 'open' | 'ended' | 'failed'; error: unknown } = {
    seen: [],
    state: 'open',
    error: undefined,
  }
  const read = async (): Promise<void> => {
    for await (const item of watch(cache, id, options)) reader.seen.push(item)
  }
  read().then(
    () => (reader.state = 'ended'),
    (error: unknown) => {
      reader.state = 'failed'
      reader.error = error
    },
  )
  return reader
}

export const steps = (jobs: readonly Job[]): number[] => jobs.map((job) => job.step)
