import { InMemoryAutoRefresh, mutate } from '@auto-refresh/core'

export interface Build {
  readonly name: string
  readonly state: 'running' | 'passed' | 'failed' | 'cancelled'
  readonly progress: number
}

export const builds = new InMemoryAutoRefresh<Build>({
  interval: 1000,
  missing: 'delete',
  isTerminal: ({ state }) => state !== 'running',
  async sync(batch, { signal }) {
    const query = batch.map(({ id }) => `id=${encodeURIComponent(id)}`).join('&')
    const states: Record<string, Build> = await call('GET', `/status?${query}`, signal)
    return Object.entries(states).map(([id, item]) => ({ id, item }))
  },
})

async function call(method: string, path: string, signal?: AbortSignal) {
  const response = await fetch(`/api/builds${path}`, { method, signal: signal ?? null })
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
  return response.json()
}

export async function logIn() {
  const ids: string[] = await call('GET', '')
  for (const id of ids) builds.getOrCreate(id)
}

export function logOut() {
  builds.clear()
}

export async function add() {
  const id: string = await call('POST', '')
  builds.getOrCreate(id)
}

export async function remove(id: string) {
  await call('DELETE', `/${id}`)
  builds.delete(id)
}

export function cancel(id: string) {
  return mutate(
    builds,
    id,
    (build) => ({ ...build, state: 'cancelled' }),
    () => call('POST', `/${id}/cancel`),
  )
}
