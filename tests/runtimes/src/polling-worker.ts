/** A Worker as it is deployed: one bundle, whose module scope may not start timers. */
import { InMemoryAutoRefresh, until } from '@auto-refresh/core'

interface Job {
  readonly step: number
}

const LAST_STEP = 3

interface State {
  readonly storage: unknown
}

function jobs(): InMemoryAutoRefresh<Job> {
  return new InMemoryAutoRefresh<Job>({
    interval: 10,
    isTerminal: ({ step }) => step === LAST_STEP,
    sync: (batch) => batch.map(({ id, item }) => ({ id, item: { step: (item?.step ?? 0) + 1 } })),
  })
}

/** Created at module scope, where the Worker may neither start a timer nor read a clock. */
const madeAtModuleScope = jobs()

export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (pathname === '/polls') return Response.json(await poll(madeAtModuleScope))
    return Response.json(await reportsOfThrowingListener())
  },
}

/** A Durable Object polls between its requests. */
export class JobWatcher {
  readonly #jobs = jobs()

  constructor(_state: State) {
    this.#jobs.start().getOrCreate('job')
  }

  async fetch(): Promise<Response> {
    return Response.json(await until(this.#jobs, 'job'))
  }
}

async function poll(cache: InMemoryAutoRefresh<Job>): Promise<Job> {
  cache.start().getOrCreate('job')
  try {
    return await until(cache, 'job')
  } finally {
    await cache.stop()
  }
}

async function reportsOfThrowingListener(): Promise<unknown> {
  const reported: string[] = []
  const listen = (event: Event): void => {
    reported.push(event instanceof ErrorEvent ? String(event.error) : event.type)
    event.preventDefault()
  }
  addEventListener('error', listen)
  const cache = jobs()
  const leave = cache.subscribe('job', () => {
    throw new Error('listener')
  })
  const last = await poll(cache)
  leave()
  removeEventListener('error', listen)
  return { reported: [...new Set(reported)], last }
}
