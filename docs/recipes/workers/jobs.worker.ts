import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { serve, type Port } from './serve.ts'

export interface Job {
  readonly step: number
}

const jobs = new InMemoryAutoRefresh<Job>({
  interval: 100,
  isTerminal: (job) => job.step === 3,
  // Whom no page follows any more is neither asked for nor kept.
  refreshUnobserved: false,
  gcTime: 60_000,
  // A real one fetches. This one lets each job make a step.
  sync: (batch) => batch.map(({ id, item }) => ({ id, item: { step: item.step + 1 } })),
}).start()

// One page, or every page that connects.
const scope: Port & { onconnect?: ((event: MessageEvent) => void) | null } = globalThis
if ('onconnect' in scope) {
  scope.onconnect = ({ ports: [port] }) => {
    if (port !== undefined) serve(jobs, port, { step: 0 })
  }
} else {
  serve(jobs, scope, { step: 0 })
}
