import { once } from 'node:events'
import { createServer, type OutgoingHttpHeaders } from 'node:http'

export interface ServedPage extends AsyncDisposable {
  readonly url: string
}

/** Serves an empty page that runs one script, on a free port of this machine. `headers` are those of the page. */
export async function servePage(script: string, headers: OutgoingHttpHeaders = {}): Promise<ServedPage> {
  const html = '<!doctype html><title>page</title><main></main><script type="module" src="/page.js"></script>'
  const server = createServer(({ url }, response) => {
    const [type, body, extra] =
      url === '/' ? ['text/html', html, headers] : url === '/page.js' ? ['text/javascript', script] : []
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type ?? 'text/plain', ...extra })
    response.end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The page has no port')
  return {
    url: `http://127.0.0.1:${address.port}/`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
