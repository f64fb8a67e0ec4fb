import { createAdaptorServer } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { once } from 'node:events'
import { Hono } from 'hono'
import { proxy } from 'hono/proxy'

export interface PageServer {
  readonly url: string
  stop(): Promise<void>
}

/** Serves a built page, and passes requests under `/api/` to the farm. */
export async function servePage(folder: string, farm: string): Promise<PageServer> {
  const app = new Hono()
  app.all('/api/*', ({ req }) => proxy(farm + req.path + new URL(req.url).search, req))
  app.use(serveStatic({ root: folder }))
  const server = createAdaptorServer({ fetch: app.fetch })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('No port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async stop() {
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
