import { randomUUID } from 'node:crypto'
import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { onTestFinished } from 'vitest'
import type {
  Faults,
  Job,
  JobState,
  NodeStatusRequest,
  NodeStatusResponse,
  Scene,
  StatusRequest,
  StatusResponse,
  Traffic,
  VersionedJob,
} from '../src/api.ts'
import { createApp } from '../src/app.ts'
import { RenderFarm } from '../src/farm/render-farm.ts'
import { RenderPool } from '../src/farm/render-pool.ts'
import { FaultSwitches } from '../src/faults.ts'
import { Fleet } from '../src/fleet/fleet.ts'
import { JobHub, jobOptions } from '../src/hub/job-hub.ts'
import { listen } from '../src/listen.ts'
import { syncJobs } from '../src/sync-jobs.ts'
import { TrafficCounter } from '../src/traffic.ts'

export interface FarmOptions {
  readonly workers?: number
  readonly capacity?: number
  readonly iterationBudget?: number
  readonly rowTime?: number
  readonly now?: () => number
  readonly random?: () => number
  readonly nodes?: number
  readonly pageFolder?: string
  readonly hasHub?: boolean
}

/** Milliseconds that a busy machine may take to bring a job to the awaited state. */
const DEADLINE = 90_000
const POLL_INTERVAL = 10

/** Starts the real app on a free port, with real workers. It is closed with the test. */
export async function startFarm(options: FarmOptions = {}): Promise<FarmClient> {
  const {
    workers = 1,
    capacity = 100,
    iterationBudget = 1e10,
    rowTime = 0,
    now = Date.now,
    random = Math.random,
    nodes = 10,
  } = options
  const workerUrl = new URL('../dist/farm/render-worker.js', import.meta.url)
  const pool = new RenderPool({ workerUrl, workers, iterationBudget, rowTime })
  const farm = new RenderFarm({ pool, capacity, now, newId: randomUUID })
  const faults = new FaultSwitches(random)
  const fleet = new Fleet({ size: nodes, changesPerSecond: 0.01, now, random })
  const traffic = new TrafficCounter(now)
  const sync = syncJobs('', 'cache', (url, init) => app.request(url, init))
  const hub = options.hasHub === true ? new JobHub(new InMemoryAutoRefresh<Job>(jobOptions(sync))) : undefined
  const app = createApp({ farm, faults, fleet, traffic, hub, pageFolder: options.pageFolder })
  const server = await listen(app, { host: '127.0.0.1', port: 0 })
  onTestFinished(async () => {
    await Promise.all([hub?.close(), server.close(), farm.close()])
  })
  return new FarmClient(server.url)
}

/** The farm as its callers see it. */
export class FarmClient {
  readonly url: string

  constructor(url: string) {
    this.url = url
  }

  send(method: string, path: string, body?: unknown, init: RequestInit = {}): Promise<Response> {
    const headers = { 'content-type': 'application/json' }
    const content = body === undefined ? {} : { body: JSON.stringify(body), headers }
    return fetch(this.url + path, { method, ...content, ...init })
  }

  async submit(scene: Scene): Promise<string> {
    const response = await this.send('POST', '/api/jobs', scene)
    const { job } = await readBody<VersionedJob>(response, 201)
    return job.id
  }

  async job(id: string): Promise<Job> {
    const response = await this.send('GET', `/api/jobs/${id}`)
    return (await readBody<VersionedJob>(response, 200)).job
  }

  async cancel(id: string): Promise<Job> {
    const response = await this.send('DELETE', `/api/jobs/${id}`)
    return (await readBody<VersionedJob>(response, 200)).job
  }

  async status(jobs: StatusRequest['jobs']): Promise<StatusResponse['answers']> {
    const response = await this.send('POST', '/api/jobs/status', { jobs })
    return (await readBody<StatusResponse>(response, 200)).answers
  }

  async nodeStatus(nodes: NodeStatusRequest['nodes']): Promise<NodeStatusResponse['answers']> {
    const response = await this.send('POST', '/api/nodes/status', { nodes })
    return (await readBody<NodeStatusResponse>(response, 200)).answers
  }

  async traffic(): Promise<Traffic> {
    return readBody<Traffic>(await this.send('GET', '/api/traffic'), 200)
  }

  async setFaults(faults: Partial<Faults>): Promise<Faults> {
    return readBody<Faults>(await this.send('PUT', '/api/faults', faults), 200)
  }

  /** Asks for the job repeatedly until it is in one of the states. */
  async until(id: string, ...states: readonly JobState[]): Promise<Job> {
    return eventually(
      async () => {
        const job = await this.job(id)
        return states.includes(job.state) ? job : undefined
      },
      `job ${id} to be ${states.join(' or ')}`,
    )
  }
}

/** Retries until there is a result, or the deadline has passed. */
export async function eventually<Result>(
  attempt: () => Promise<Result | undefined>,
  awaited: string,
): Promise<Result> {
  const deadline = Date.now() + DEADLINE
  while (Date.now() < deadline) {
    const result = await attempt()
    if (result !== undefined) return result
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL))
  }
  throw new Error(`Waited ${DEADLINE} ms for ${awaited}`)
}

/** Returns the body of a response, which must have the status. The tests check its content. */
export async function readBody<Body>(response: Response, status: number): Promise<Body> {
  if (response.status !== status) {
    throw new Error(`${response.status} instead of ${status}: ${await response.text()}`)
  }
  const body: unknown = await response.json()
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return body as Body
}
