import type {
  CancelledJobs,
  Faults,
  Job,
  JobList,
  Scene,
  Traffic,
  VersionedJob,
} from '@auto-refresh/demo-server/api'

const HEALTHY: Faults = { latency: 0, errorRate: 0, hang: false, retryAfter: null, poisonedIds: [] }

/** The farm as those know it who are not the page: another page, its operator. */
export class FarmApi {
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  /** One after the other: they are rendered in this order. */
  async submit(count: number, scene: Scene): Promise<Job[]> {
    const jobs: Job[] = []
    while (jobs.length < count) {
      const { job } = await this.#send<VersionedJob>('POST', '/api/jobs', scene)
      jobs.push(job)
    }
    return jobs
  }

  async jobs(): Promise<Job[]> {
    const { jobs } = await this.#send<JobList>('GET', '/api/jobs')
    return jobs.map(({ job }) => job)
  }

  async cancel(id: string): Promise<void> {
    await this.#send<VersionedJob>('DELETE', `/api/jobs/${id}`)
  }

  async cancelAll(): Promise<void> {
    await this.#send<CancelledJobs>('DELETE', '/api/jobs')
  }

  /** Sets the faults of the farm; those that are not named are switched off. */
  async setFaults(faults: Partial<Faults>): Promise<void> {
    await this.#send<Faults>('PUT', '/api/faults', { ...HEALTHY, ...faults })
  }

  async heal(): Promise<void> {
    await this.setFaults({})
  }

  /** Returns the number of status requests so far. */
  async statusRequests(): Promise<number> {
    return (await this.#send<Traffic>('GET', '/api/traffic')).status.requests
  }

  /** Returns the number of requests for one of the rows. */
  async rowsAskedFor(): Promise<number> {
    return (await this.#send<Traffic>('GET', '/api/traffic')).nodes.ids
  }

  async #send<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    const content = { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    const response = await fetch(this.#url + path, { method, ...(body === undefined ? {} : content) })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    const answer: unknown = await response.json()
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the farm's own tests see to that it keeps to its api.ts
    return answer as Body
  }
}
