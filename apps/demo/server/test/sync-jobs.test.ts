import type { BatchEntry } from '@auto-refresh/core'
import type { Job, StatusResponse } from '../src/api.ts'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { StatusError, syncJobs } from '../src/sync-jobs.ts'

const job: Job = {
  id: 'a',
  state: 'running',
  scene: { kind: 'mandelbrot', center: { re: 0, im: 0 }, span: 4, width: 60, height: 40, maxIterations: 10 },
  rows: { done: 1, total: 40 },
  error: null,
  image: null,
  submittedAt: 1,
  startedAt: 2,
  finishedAt: null,
}
const signal = new AbortController().signal

function answerWith(response: Response) {
  const fetch = vi.fn<typeof globalThis.fetch>(() => Promise.resolve(response))
  vi.stubGlobal('fetch', fetch)
  return fetch
}

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('syncJobs', () => {
  it('asks for the whole batch in one request, with the versions that it has', async () => {
    const fetch = answerWith(Response.json({ answers: [] } satisfies StatusResponse))
    const batch: BatchEntry<Job>[] = [
      { id: 'a', item: job, validator: 7 },
      { id: 'b', item: job },
    ]
    await syncJobs('http://farm')(batch, { signal })
    expect(fetch).toHaveBeenCalledOnce()
    const [url, init] = fetch.mock.calls[0] ?? []
    expect(url).toBe('http://farm/api/jobs/status')
    expect(init?.body).toBe('{"jobs":[{"id":"a","version":7},{"id":"b"}]}')
    expect(init?.signal).toBe(signal)
  })

  it('says so where a single timer asks', async () => {
    const fetch = answerWith(Response.json({ answers: [] } satisfies StatusResponse))
    await syncJobs('', 'timer')([{ id: 'a', item: job }], { signal })
    expect(fetch.mock.calls[0]?.[0]).toBe('/api/jobs/status?asked-by=timer')
  })

  it('tells the cache what changed, what did not, and what is gone', async () => {
    const answers: StatusResponse['answers'] = [
      { id: 'a', status: 'changed', version: 8, job },
      { id: 'b', status: 'unchanged', version: 3 },
      { id: 'c', status: 'gone' },
    ]
    answerWith(Response.json({ answers }))
    expect(await syncJobs('')([], { signal })).toEqual([
      { id: 'a', item: job, validator: 8 },
      { id: 'b', action: 'unchanged', validator: 3 },
      { id: 'c', action: 'delete' },
    ])
  })

  it('throws what the farm asks to wait for', async () => {
    answerWith(Response.json({ error: 'Too many' }, { status: 429, headers: { 'Retry-After': '3' } }))
    const error = await Promise.resolve(syncJobs('')([], { signal })).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(StatusError)
    expect(error).toMatchObject({ status: 429, retryAfter: 3000, message: 'The farm answered 429' })
  })
})
