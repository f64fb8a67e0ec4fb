/** Ties the cache to the farm. Needs nothing but `fetch`: it runs in a page as in Node, Deno or Bun. */
import { retryAfterOf, type SyncFunction, type SyncResponse } from '@auto-refresh/core'
import type { Job, StatusAnswer, StatusRequest, StatusResponse } from './api.ts'

/** The farm refused a status request, or failed. */
export class StatusError extends Error {
  override readonly name = 'StatusError'
  readonly status: number
  /** ms that the cache then waits at least. */
  readonly retryAfter: number | undefined

  constructor(response: Response) {
    super(`The farm answered ${response.status}`)
    this.status = response.status
    this.retryAfter = retryAfterOf(response)
  }
}

/** The kind of client: the farm counts the requests of single timers apart from all others. */
export type Asker = 'cache' | 'timer'

/** Sends a request to the farm: `fetch`, or what needs no network. */
export type Send = (url: string, init: RequestInit) => Response | Promise<Response>

/** A sync function that asks the farm at `farmUrl` ('' for the page's own) for the state of a whole batch in one request. */
export function syncJobs(farmUrl: string, asker: Asker = 'cache', send: Send = fetch): SyncFunction<Job> {
  const url = `${farmUrl}/api/jobs/status${asker === 'timer' ? '?asked-by=timer' : ''}`
  return async (batch, { signal }) => {
    const request: StatusRequest = {
      jobs: batch.map(({ id, validator }) =>
        typeof validator === 'number' ? { id, version: validator } : { id },
      ),
    }
    const response = await send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
      signal,
    })
    if (!response.ok) {
      throw new StatusError(response)
    }
    const body: unknown = await response.json()
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the farm's own tests see to that it keeps to its api.ts
    const { answers } = body as StatusResponse
    return answers.map(toSyncResponse)
  }
}

function toSyncResponse(answer: StatusAnswer): SyncResponse<Job> {
  const { id } = answer
  if (answer.status === 'gone') return { id, action: 'delete' }
  if (answer.status === 'unchanged') return { id, action: 'unchanged', validator: answer.version }
  return { id, item: answer.job, validator: answer.version }
}
