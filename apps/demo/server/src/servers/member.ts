/**
 * A server of several, in a process of its own: it serves the page, pushes jobs to it, and passes everything else on to the
 * farm. It stops at SIGTERM, and when the process that started it is gone.
 */
import { serveStatic } from '@hono/node-server/serve-static'
import { SharedAutoRefresh } from '@auto-refresh/share'
import { fleet, redisStore } from '@auto-refresh/share/fleet'
import { Hono } from 'hono'
import { proxy } from 'hono/proxy'
import { createClient } from 'redis'
import type { Job, ServerReport } from '../api.ts'
import { JobHub, jobOptions } from '../hub/job-hub.ts'
import { describeFailure, listen } from '../listen.ts'
import { hubRoutes } from '../routes/hub.ts'
import { secured } from '../secured.ts'
import { syncJobs } from '../sync-jobs.ts'
import type { MemberOptions, MemberTold } from './member-options.ts'

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it comes from `start-servers.ts`
const options = JSON.parse(process.argv[2] ?? '{}') as MemberOptions
const { number, of, farmUrl, storeUrl, namespace, host, port, pageFolder } = options

const client = createClient({ url: storeUrl, pingInterval: 1000, socket: { reconnectStrategy: () => 200 } })
// The fleet notices itself that the store is away, and goes on without it.
client.on('error', () => undefined)

const cache = new SharedAutoRefresh<Job>({
  ...jobOptions(syncJobs(farmUrl)),
  group: 'farm',
  transport: fleet({ store: redisStore(client), namespace, expectedMembers: of }),
})
const report = (): ServerReport => {
  const { role, members } = cache.stats()
  return { number, of, role, members }
}

try {
  await client.connect()
  const hub = new JobHub(cache, report)
  const app = new Hono()
  app.use(secured())
  app.route('/', hubRoutes(hub))
  app.all('/api/*', ({ req }) => {
    const { pathname, search } = new URL(req.url)
    return proxy(farmUrl + pathname + search, { raw: req.raw, signal: req.raw.signal })
  })
  if (pageFolder !== undefined) app.use(serveStatic({ root: pageFolder }))
  const server = await listen(app, { host, port })

  const stop = async (): Promise<void> => {
    await Promise.all([hub.close(), server.close()])
    client.destroy()
    if (process.connected) process.disconnect()
  }
  let isStopping = false
  const stopOnce = (): void => {
    if (!isStopping) void stop()
    isStopping = true
  }
  process.on('SIGTERM', stopOnce)
  process.on('disconnect', stopOnce)
  // A Ctrl+C in the terminal is for the process that started this one, too, and that one stops all in order.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
  tell({ url: server.url })
} catch (error) {
  tell({ failure: describeFailure(error, { host, port }) })
  client.destroy()
  process.exitCode = 1
  process.disconnect()
}

function tell(told: MemberTold): void {
  process.send?.(told)
}
