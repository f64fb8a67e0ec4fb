import { Hono } from 'hono'
import type { StatusAnswer, StatusRequest, StatusResponse } from '../api.ts'
import type { RenderFarm } from '../farm/render-farm.ts'
import type { FaultSwitches } from '../faults.ts'
import { readJson } from '../read-json.ts'
import { statusRequestSchema } from '../schemas.ts'
import type { TrafficCounter } from '../traffic.ts'

export interface StatusRoutesOptions {
  readonly farm: RenderFarm
  readonly faults: FaultSwitches
  readonly traffic: TrafficCounter
}

/** Status of many jobs at once, for caches. The only route that has faults. */
export function statusRoutes({ farm, faults, traffic }: StatusRoutesOptions): Hono {
  const routes = new Hono()

  routes.post('/', async (context) => {
    const { jobs } = await readJson(context.req, statusRequestSchema)
    const counter = context.req.query('asked-by') === 'timer' ? traffic.timers : traffic.status
    counter.asked(jobs.length)
    const fate = await faults.decide(
      jobs.map(({ id }) => id),
      context.req.raw.signal,
    )
    counter.settled(fate)
    if (fate.kind === 'rate-limited') {
      context.header('Retry-After', String(fate.retryAfter))
      return context.json({ error: 'Too many requests (fault: retryAfter)' }, 429)
    }
    if (fate.kind === 'failed') return context.json({ error: fate.reason }, fate.status)
    // The connection is closed, so nobody reads this.
    if (fate.kind === 'abandoned') return context.body(null, 503)
    const answers = jobs.map((asked) => answer(farm, asked))
    counter.answered(answers)
    return context.json({ answers } satisfies StatusResponse)
  })

  return routes
}

function answer(farm: RenderFarm, { id, version: known }: StatusRequest['jobs'][number]): StatusAnswer {
  const found = farm.get(id)
  if (found === undefined) return { id, status: 'gone' }
  const { job, version } = found
  return version === known ? { id, status: 'unchanged', version } : { id, status: 'changed', version, job }
}
