import { build } from 'esbuild'
import { createServer } from 'node:http'
import path from 'node:path'
import type { AddressInfo } from 'node:net'

export interface Request {
  readonly at: number
  readonly page: string
  readonly user: string
}

/** A server with the page of the tests, and a source that counts: each answer is a new value. */
export interface Site {
  readonly requests: Request[]
  /** Address of a page. @param host `127.0.0.1` and `localhost` are two origins */
  readonly url: (page: string, options?: { readonly user?: string; readonly interval?: number }) => string
  readonly elsewhere: string
  readonly close: () => Promise<void>
}

export async function openSite(): Promise<Site> {
  const { outputFiles } = await build({
    entryPoints: [path.join(import.meta.dirname, 'page.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    conditions: ['@auto-refresh/source'],
  })
  const program = outputFiles[0]?.text ?? ''
  const requests: Request[] = []
  let value = 0
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (url.pathname !== '/jobs') {
      response.setHeader('content-type', 'text/html')
      response.end(`<!doctype html><title>tab</title><script type="module">${program}</script>`)
      return
    }
    const { page = '', user = '', ids = '' } = Object.fromEntries(url.searchParams)
    requests.push({ at: Date.now(), page, user })
    value += 1
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(Object.fromEntries(ids.split(',').map((id) => [id, { value }]))))
  })
  await new Promise<void>((resolve) => server.listen(0, resolve))
  const { port } = server.address() as AddressInfo
  return {
    requests,
    url: (page, { user = 'me', interval = 500 } = {}) =>
      `http://localhost:${port}/?page=${page}&user=${user}&interval=${interval}`,
    elsewhere: `http://127.0.0.1:${port}/?page=elsewhere&user=other&interval=60000`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
