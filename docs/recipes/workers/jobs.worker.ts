import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { serve, type Port } from './serve.ts'

export interface Job {
  readonly step: number
}

const jobs = new InMemoryAutoRefresh<Job>({
  interval: 100,
  isTerminal: (job) => job.step === 3,
  // An item that no page follows any more is not polled, and is removed after a minute.
  gcTime: 60_000,
  // A real one fetches. This one lets each job make a step.
  sync: (batch) => batch.map(({ id, item }) => ({ id, item: { step: (item?.step ?? 0) + 1 } })),
}).start()

// One page, or every page that connects.
const scope: Port & { onconnect?: ((event: MessageEvent) => void) | null } = globalThis
if ('onconnect' in scope) {
  scope.onconnect = ({ ports: [port] }) => {
    if (port !== undefined) serve(jobs, port)
  }
} else {
  serve(jobs, scope)
}
