import { serve } from '@hono/node-server'
import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { Hub } from '@auto-refresh/share/hub'
import { Hono } from 'hono'

/** What other runtimes have, if this is one of them. */
interface Runtimes {
  readonly Deno?: {
    serve(
      options: { port: number; hostname: string; onListen: (at: { port: number }) => void },
      handler: Handler,
    ): unknown
  }
  readonly Bun?: {
    serve(options: { port: number; hostname: string; fetch: Handler }): { readonly port: number }
  }
}
type Handler = (request: Request) => Response | Promise<Response>

interface Job {
  readonly step: number
  readonly padding: string
}

// Runs a hub in Node (by Hono), in Deno or in Bun, and says its port on the first line of its output.
const [port = 0, firstStep = 0] = process.argv.slice(-2).map(Number)
let step = firstStep
let padding = ''
let isSilent = false
let calls = 0
const jobs = new InMemoryAutoRefresh<Job>({
  interval: 100,
  gcTime: 30_000,
  sync: async (batch) => {
    calls += 1
    if (isSilent) await new Promise(() => undefined)
    return batch.map(({ id }) => ({ id, item: { step, padding } }))
  },
}).start()
const hub = new Hub(jobs, {
  authorize: (request) => {
    const id = request.headers.get('user')
    return id === null ? undefined : { id }
  },
  mayRead: (user, id) => !id.startsWith('secret') || user.id === 'root',
})

const app = new Hono()
app.post('/jobs/*', (context) => hub.fetch(context.req.raw))
app.get('/control/stats', (context) => {
  const { clients, ids } = hub.stats()
  return context.text([clients, ids, calls].join(' '))
})
app.get('/control/set', (context) => {
  step = Number(context.req.query('step') ?? step)
  padding = 'x'.repeat(Number(context.req.query('padding') ?? padding.length))
  const interval = context.req.query('interval')
  if (interval !== undefined) jobs.setOptions({ interval: Number(interval) })
  isSilent = context.req.query('silent') === 'true'
  return context.text('set')
})
app.get('/control/close', (context) => {
  hub.close()
  return context.text('closed')
})

const { Deno, Bun }: Runtimes = globalThis as Runtimes
const hostname = '127.0.0.1'
const tell = (at: number): void => {
  process.stdout.write(`${at}\n`)
}
const handler: Handler = (request) => app.fetch(request)
if (Deno !== undefined) Deno.serve({ port, hostname, onListen: (at) => tell(at.port) }, handler)
else if (Bun !== undefined) tell(Bun.serve({ port, hostname, fetch: handler }).port)
else serve({ fetch: handler, port, hostname }, (at) => tell(at.port))
