import { once } from 'node:events'
import { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'

export interface ListenOptions {
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
}

export interface RunningServer {
  readonly url: string
  /** Accepts no more connections, waits a moment for the present requests, and ends the rest. */
  close(): Promise<void>
}

/** ms that requests have to finish when the server closes. */
const CLOSE_GRACE = 500

/** Serves the app. Rejects if the port is taken. */
export async function listen(app: Hono, { host, port }: ListenOptions): Promise<RunningServer> {
  const server = createAdaptorServer({ fetch: app.fetch })
  if (!(server instanceof Server)) throw new Error('Not an HTTP server')
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  const boundPort = typeof address === 'object' && address !== null ? address.port : port
  const shownHost = host.includes(':') ? `[${host}]` : host

  return {
    url: `http://${shownHost}:${boundPort}`,
    async close() {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      const deadline = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE)
      await closed
      clearTimeout(deadline)
    },
  }
}

/** Says why nothing is served, and what to do. */
export function describeFailure(error: unknown, { host, port }: ListenOptions): string {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return `Port ${port} is already in use. Choose another one: PORT=${port === 65_535 ? 3000 : port + 1} npm start`
  }
  return `Cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : String(error)}`
}
