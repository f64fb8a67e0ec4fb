// A backend for the examples: jobs that progress by themselves. `node examples/backend/server.mjs` serves it alone.
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'

/** ms that a job takes. */
const LENGTH = 8000

/** Starts the backend. @param {number} port 0: a free one. @returns the server, when it listens */
export async function startBackend(port) {
  const jobs = new Map()
  const add = (startedAt) => {
    const id = `job-${jobs.size + 1}`
    jobs.set(id, { startedAt, isCancelled: false })
    return id
  }
  for (const age of [6000, 3000, 0]) add(Date.now() - age)

  const stateOf = (id) => {
    const { startedAt, isCancelled } = jobs.get(id)
    const progress = isCancelled ? 0 : Math.min(1, (Date.now() - startedAt) / LENGTH)
    return { state: isCancelled ? 'cancelled' : progress < 1 ? 'running' : 'done', progress }
  }

  const server = createServer((request, response) => {
    const send = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    const { pathname, searchParams } = new URL(request.url, 'http://localhost')
    const [, api, kind, id, action] = pathname.split('/')
    if (api !== 'api' || kind !== 'jobs') return send(404, { error: 'not found' })
    if (request.method === 'POST' && id === undefined) {
      const created = add(Date.now())
      return send(201, { id: created, ...stateOf(created) })
    }
    if (request.method === 'POST' && action === 'cancel' && jobs.has(id)) {
      // It takes a second, so that there is something to see.
      setTimeout(() => {
        jobs.get(id).isCancelled = true
        send(200, stateOf(id))
      }, 1000)
      return undefined
    }
    const ids = searchParams.getAll('id')
    // With ids: their states by id. Without ids: all jobs.
    if (ids.length > 0) {
      const known = ids.filter((each) => jobs.has(each))
      return send(200, Object.fromEntries(known.map((each) => [each, stateOf(each)])))
    }
    return send(
      200,
      Array.from(jobs.keys(), (each) => ({ id: each, ...stateOf(each) })),
    )
  })
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve))
  return server
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = await startBackend(Number(process.env.PORT ?? 3001))
  console.log(`The backend: http://127.0.0.1:${server.address().port}/api/jobs`)
}
