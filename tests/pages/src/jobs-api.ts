import type { Plugin } from 'vite'

/** A call of the page for jobs. */
export interface Call {
  readonly query: URLSearchParams
  readonly ids: readonly string[]
}

/** Answers `/api/jobs` with a job per `id`, and notes the calls. @param jobOf gets the number of the call, from 1 */
export function jobsApi(calls: Call[], jobOf: (id: string, call: number) => unknown): Plugin {
  return {
    name: 'jobs-api',
    configureServer({ middlewares }) {
      middlewares.use('/api/jobs', (request, response) => {
        const query = new URL(request.url ?? '', 'http://page').searchParams
        const ids = query.getAll('id')
        calls.push({ query, ids })
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify(Object.fromEntries(ids.map((id) => [id, jobOf(id, calls.length)]))))
      })
    },
  }
}
