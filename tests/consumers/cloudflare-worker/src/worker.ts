import { watch } from '@auto-refresh/core'
import { createJobs, submitJob } from 'farm-jobs'
import { DurableObject } from 'cloudflare:workers'

interface Env {
  readonly FARM: string
  readonly JOBS: DurableObjectNamespace<JobWatcher>
}

/**
 * Where a cache lives on: a timer that a plain Worker's request set never fires once that request has ended, and a promise
 * can't be awaited in another. All requests to one Durable Object share its timers, and so its cache.
 */
export class JobWatcher extends DurableObject<Env> {
  readonly #jobs = createJobs(this.env.FARM)

  async submit(): Promise<string> {
    const job = await submitJob(this.env.FARM)
    this.#jobs.start().getOrCreate(job.id, job)
    return job.id
  }

  show(id: string): string {
    const { item } = this.#jobs.getSnapshot(id)
    return item === undefined ? 'missing' : `${item.state} ${item.rows.done}/${item.rows.total}`
  }
}

export default {
  async fetch(request, env, context): Promise<Response> {
    const { method, url } = request
    const { pathname } = new URL(url)
    if (pathname === '/follow') {
      // Within one request a plain Worker will do: it lasts as long as its answer is being written.
      const { readable, writable } = new IdentityTransformStream()
      context.waitUntil(follow(env.FARM, writable))
      return new Response(readable)
    }
    const watcher = env.JOBS.getByName('all')
    return new Response(method === 'POST' ? await watcher.submit() : await watcher.show(pathname.slice(1)))
  },
} satisfies ExportedHandler<Env>

async function follow(farm: string, writable: WritableStream<Uint8Array>): Promise<void> {
  const jobs = createJobs(farm).start()
  const job = await submitJob(farm)
  jobs.getOrCreate(job.id, job)
  const writer = writable.getWriter()
  for await (const { state, rows } of watch(jobs, job.id)) {
    await writer.write(new TextEncoder().encode(`${state} ${rows.done}/${rows.total}\n`))
  }
  await jobs.stop()
  await writer.close()
}
