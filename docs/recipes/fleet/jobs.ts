import { fleet, redisStore, SharedAutoRefresh } from '@auto-refresh/share/fleet'
import { createClient } from 'redis'

export interface Job {
  readonly state: 'running' | 'done'
}

/** Starts this process's cache. `api` is asked by one process of the fleet, `redis` is the address of Valkey or Redis. */
export async function startJobs(
  api: string,
  redis: string,
): Promise<{ readonly jobs: SharedAutoRefresh<Job>; readonly close: () => Promise<void> }> {
  const client = createClient({ url: redis, pingInterval: 1000 }).on('error', console.error)
  await client.connect()
  const jobs = new SharedAutoRefresh<Job>({
    interval: 2000,
    // Whose items they are: all processes of one group see the same ones.
    group: 'jobs',
    // The shape of the items: change it together with `Job`.
    version: '1',
    transport: fleet({ store: redisStore(client), namespace: 'shop:production', expectedMembers: 3 }),
    isTerminal: ({ state }) => state === 'done',
    sync: async (batch, { signal }) => {
      const query = batch.map(({ id }) => `id=${encodeURIComponent(id)}`).join('&')
      return (await fetch(`${api}?${query}`, { signal })).json()
    },
  }).start()
  const close = async (): Promise<void> => {
    await jobs.stop()
    await client.close()
  }
  return { jobs, close }
}
