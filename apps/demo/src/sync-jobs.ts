/** Ties the cache to the farm. Needs nothing but `fetch`: it runs in a page as in Node, Deno or Bun. */
import type { SyncFunction, SyncResponse } from '@auto-refresh/core'
import type { Job, StatusAnswer, StatusRequest, StatusResponse } from '@auto-refresh/demo-server/api'
import { readBody } from './read-body.ts'

/** The farm did not answer a status request. `retryAfter` (ms) is what the cache waits for at least. */
export class StatusError extends Error {
  override readonly name = 'StatusError'
  readonly status: number
  readonly retryAfter: number | undefined

  constructor(status: number, message: string, retryAfter: number | undefined) {
    super(message)
    this.status = status
    this.retryAfter = retryAfter
  }
}

/** Who asks: the farm counts the requests of single timers apart from all others. */
export type Asker = 'cache' | 'timer'

/** A sync function that asks the farm at `farmUrl` ('' for the page's own) for the state of a whole batch in one request. */
export function syncJobs(farmUrl: string, asker: Asker = 'cache'): SyncFunction<Job> {
  const url = `${farmUrl}/api/jobs/status${asker === 'timer' ? '?asked-by=timer' : ''}`
  return async (batch, { signal }) => {
    const request: StatusRequest = {
      jobs: batch.map(({ id, validator }) =>
        typeof validator === 'number' ? { id, version: validator } : { id },
      ),
    }
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
      signal,
    })
    if (!response.ok) {
      const retryAfter = readRetryAfter(response.headers.get('retry-after'), Date.now())
      throw new StatusError(response.status, `The farm answered ${response.status}`, retryAfter)
    }
    const { answers } = await readBody<StatusResponse>(response)
    return answers.map(toSyncResponse)
  }
}

function toSyncResponse(answer: StatusAnswer): SyncResponse<Job> {
  const { id } = answer
  if (answer.status === 'gone') return { id, action: 'delete' }
  if (answer.status === 'unchanged') return { id, action: 'unchanged', validator: answer.version }
  return { id, item: answer.job, validator: answer.version }
}

/** The ms that a `Retry-After` header asks for: it has seconds, or a date. */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}
