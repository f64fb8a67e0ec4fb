import { InMemoryAutoRefresh, type AutoRefreshOptions } from '@auto-refresh/core'
import type { Job, SimulatedBackend } from './simulated-backend.ts'

/** Makes the cache of a live example. The hooks run it while the example is mounted. */
export function makeJobs(
  backend: SimulatedBackend,
  options: Partial<AutoRefreshOptions<Job>> = {},
): InMemoryAutoRefresh<Job> {
  return new InMemoryAutoRefresh<Job>({
    interval: 2000,
    async sync(batch, { signal }) {
      const states = await backend.fetchJobs(
        batch.map(({ id }) => id),
        signal,
      )
      return Array.from(states, ([id, item]) => ({ id, item }))
    },
    ...options,
  })
}

/** Returns the ids `job-1` to `job-<count>`. */
export function jobIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `job-${index + 1}`)
}
