import type {
  CancelledJobs,
  ErrorBody,
  Faults,
  HubReport,
  JobList,
  NodeList,
  Scene,
  Traffic,
  VersionedJob,
} from '@auto-refresh/demo-server/api'
import { readBody } from './read-body.ts'

/** The farm's API, but for the status of jobs: that is the cache's. Every method rejects with the farm's own message. */
export class FarmClient {
  readonly #url: string

  /** @param url '' for the page's own. */
  constructor(url: string) {
    this.#url = url
  }

  submit(scene: Scene): Promise<VersionedJob> {
    return this.#request('POST', '/api/jobs', scene)
  }

  list(): Promise<JobList> {
    return this.#request('GET', '/api/jobs')
  }

  nodes(signal: AbortSignal): Promise<NodeList> {
    return this.#request('GET', '/api/nodes', undefined, signal)
  }

  cancel(id: string): Promise<VersionedJob> {
    return this.#request('DELETE', `/api/jobs/${encodeURIComponent(id)}`)
  }

  cancelAll(): Promise<CancelledJobs> {
    return this.#request('DELETE', '/api/jobs')
  }

  faults(signal: AbortSignal): Promise<Faults> {
    return this.#request('GET', '/api/faults', undefined, signal)
  }

  setFaults(faults: Faults): Promise<Faults> {
    return this.#request('PUT', '/api/faults', faults)
  }

  traffic(signal: AbortSignal): Promise<Traffic> {
    return this.#request('GET', '/api/traffic', undefined, signal)
  }

  hub(signal: AbortSignal): Promise<HubReport> {
    return this.#request('GET', '/api/hub', undefined, signal)
  }

  async #request<Answer>(
    method: string,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const response = await fetch(this.#url + path, {
      method,
      signal: signal ?? null,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(await readError(response))
    return readBody<Answer>(response)
  }
}

/** Something other than the farm may have answered: a proxy, say. */
async function readError(response: Response): Promise<string> {
  try {
    return (await readBody<ErrorBody>(response)).error
  } catch {
    return `${response.status} ${response.statusText}`
  }
}
