import { InMemoryAutoRefresh, type AutoRefresh } from '@auto-refresh/core'
import type { Follow, States } from './messages.ts'
import type { Port } from './serve.ts'

/** The page's cache: it is fed by the worker, so that it polls nothing, and its `sync` does nothing. */
export function connect<Item>(port: Port): {
  jobs: AutoRefresh<Item>
  follow: (ids: readonly string[]) => void
} {
  const jobs = new InMemoryAutoRefresh<Item>({ interval: Infinity, sync: () => [] })
  port.onmessage = ({ data }: MessageEvent<States<Item>>) => jobs.ingest(data, { create: true })
  const follow = (ids: readonly string[]): void => {
    const message: Follow = { follow: ids }
    port.postMessage(message)
  }
  return { jobs, follow }
}
