import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import type { RenderFarm } from './farm/render-farm.ts'
import type { FaultSwitches } from './faults.ts'
import type { Fleet } from './fleet/fleet.ts'
import type { JobHub } from './hub/job-hub.ts'
import { faultRoutes } from './routes/faults.ts'
import { hubRoutes } from './routes/hub.ts'
import { jobRoutes } from './routes/jobs.ts'
import { nodeRoutes } from './routes/nodes.ts'
import { statusRoutes } from './routes/status.ts'
import { secured } from './secured.ts'
import type { TrafficCounter } from './traffic.ts'

/** Upper bound of a status request with the most ids, each of the greatest length. */
const MAX_BODY_BYTES = 64 * 1024

export interface AppOptions {
  readonly farm: RenderFarm
  readonly faults: FaultSwitches
  readonly fleet: Fleet
  readonly traffic: TrafficCounter
  /** Pushes jobs to pages; without one, they ask for themselves. */
  readonly hub?: JobHub | undefined
  /** The folder of the built page; without one, only the API is served. */
  readonly pageFolder?: string | undefined
}

/** The farm's API, and the page that shows it. */
export function createApp({ farm, faults, fleet, traffic, hub, pageFolder }: AppOptions): Hono {
  const app = new Hono()
  app.use(secured())

  const tooLarge = `The body is larger than ${MAX_BODY_BYTES} bytes`
  app.use(
    '/api/*',
    bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (context) => context.json({ error: tooLarge }, 413) }),
  )
  app.route('/api/jobs/status', statusRoutes({ farm, faults, traffic }))
  app.route('/api/jobs', jobRoutes({ farm, traffic }))
  app.route('/api/nodes', nodeRoutes({ fleet, traffic }))
  app.route('/api/faults', faultRoutes(faults))
  app.get('/api/traffic', (context) => context.json(traffic.report()))
  if (hub !== undefined) app.route('/', hubRoutes(hub))
  app.all('/api/*', (context) => {
    throw new HTTPException(404, { message: `There is no ${context.req.method} ${context.req.path}` })
  })

  if (pageFolder !== undefined) app.use(serveStatic({ root: pageFolder }))

  app.onError((error, context) => {
    if (error instanceof HTTPException) return context.json({ error: error.message }, error.status)
    console.error(error)
    return context.json({ error: 'The farm made a mistake; its log says which' }, 500)
  })
  return app
}
