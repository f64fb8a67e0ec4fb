import { Hono } from 'hono'
import type { JobHub } from '../hub/job-hub.ts'

/** Pushes jobs to pages, and tells how. */
export function hubRoutes(hub: JobHub): Hono {
  const routes = new Hono()
  routes.post('/hub/*', (context) => hub.fetch(context.req.raw))
  routes.get('/api/hub', (context) => context.json(hub.report()))
  return routes
}
