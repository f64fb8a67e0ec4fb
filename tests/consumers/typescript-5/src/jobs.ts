import { AutoRefreshError, expiry, InMemoryAutoRefresh, lru, type SyncContext } from '@auto-refresh/core'
import { ItemObserver, stateOf } from '@auto-refresh/core/adapter'
import { VirtualClock } from '@auto-refresh/core/testing'

export interface Job {
  readonly progress: number
  readonly note?: string
}

export const clock = new VirtualClock()

export const jobs = new InMemoryAutoRefresh<Job>({
  interval: ({ item }) => (item === undefined || item.progress < 0.9 ? 2000 : 500),
  isTerminal: ({ progress }) => progress === 1,
  policies: [lru(1000), expiry({ terminalTtl: 60_000 })],
  clock,
  async sync(batch, { signal }: SyncContext) {
    const query = batch.map(({ id }) => `id=${encodeURIComponent(id)}`).join('&')
    const response = await fetch(`/api/jobs?${query}`, { signal })
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    const states = (await response.json()) as Record<string, Job>
    return Object.entries(states).map(([id, item]) => ({ id, item }))
  },
})

export const observer = new ItemObserver<Job>()
export const age: number | undefined = stateOf(jobs, 'a')?.age
export const isStopped = (error: unknown) => error instanceof AutoRefreshError && error.code === 'STOPPED'
