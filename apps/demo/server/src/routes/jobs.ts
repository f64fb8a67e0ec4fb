import { Hono, type Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { CancelledJobs, JobList, VersionedJob } from '../api.ts'
import type { RenderFarm } from '../farm/render-farm.ts'
import { readJson } from '../read-json.ts'
import { sceneSchema } from '../schemas.ts'
import type { TrafficCounter } from '../traffic.ts'

/** Seconds after which a full farm has probably finished a job. */
const FULL_RETRY_AFTER = '5'

export interface JobRoutesOptions {
  readonly farm: RenderFarm
  readonly traffic: TrafficCounter
}

/** Single jobs: submit, read, cancel, fetch the picture. */
export function jobRoutes({ farm, traffic }: JobRoutesOptions): Hono {
  const routes = new Hono()

  routes.post('/', async (context) => {
    const submitted = farm.submit(await readJson(context.req, sceneSchema))
    if (submitted === undefined) {
      context.header('Retry-After', FULL_RETRY_AFTER)
      return context.json({ error: 'The farm is full. Wait for a job to finish, or cancel one.' }, 503)
    }
    traffic.submitted()
    context.header('Location', `/api/jobs/${submitted.job.id}`)
    return context.json(versioned(submitted), 201)
  })

  routes.get('/', (context) => context.json({ jobs: farm.list() } satisfies JobList))

  routes.delete('/', (context) => {
    const cancelled = farm.cancelAll()
    traffic.cancelled(cancelled)
    return context.json({ cancelled } satisfies CancelledJobs)
  })

  routes.get('/:id', (context) => context.json(versioned(find(farm, context))))

  routes.delete('/:id', (context) => {
    const { job } = find(farm, context)
    if (farm.cancel(job.id)) traffic.cancelled(1)
    else if (job.state !== 'cancelled') {
      throw new HTTPException(409, { message: `Job ${job.id} has ${job.state} already` })
    }
    return context.json(versioned(find(farm, context)))
  })

  routes.get('/:id/image', (context) => {
    const { job } = find(farm, context)
    const png = farm.image(job.id)
    if (png === undefined) {
      throw new HTTPException(409, { message: `Job ${job.id} is ${job.state}: it has no picture` })
    }
    traffic.imageSent()
    // A job's picture never changes.
    return context.body(png, 200, {
      'Content-Type': 'image/png',
      'Cache-Control': 'max-age=31536000, immutable',
    })
  })

  return routes
}

function find(farm: RenderFarm, context: Context): VersionedJob {
  const id = context.req.param('id') ?? ''
  const found = farm.get(id)
  if (found === undefined) throw new HTTPException(404, { message: `There is no job ${id}` })
  return found
}

/** Returns the job as it is sent: without its picture. */
function versioned({ job, version }: VersionedJob): VersionedJob {
  return { job, version }
}
