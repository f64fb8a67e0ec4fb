import { serve } from '@hono/node-server'
import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { Hub } from '@auto-refresh/share/hub'
import { build } from 'esbuild'
import { Hono } from 'hono'
import { once } from 'node:events'
import { type AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import path from 'node:path'

/** A server with a hub and its page, over HTTP/1.1. */
export interface HubSite {
  /** Address of the page by each name of this machine. On `lan`, which is no secure context, pages have no Web Locks. */
  readonly urls: Readonly<Record<'localhost' | 'lan', string>>
  /** Changes the item. */
  set(value: number): void
  /** The source answers no more calls. */
  silence(): void
  /** Clients that have a stream. */
  readonly streams: number
  /** Streams that were opened since the start. */
  readonly openings: number
  close(): Promise<void>
}

export async function openHubSite(): Promise<HubSite> {
  const { outputFiles } = await build({
    entryPoints: [path.join(import.meta.dirname, 'hub-page.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    conditions: ['@auto-refresh/source'],
  })
  const program = outputFiles[0]?.text ?? ''
  let value = 1
  let isSilent = false
  let openings = 0
  const jobs = new InMemoryAutoRefresh<{ readonly value: number }>({
    interval: 200,
    sync: async (batch) => {
      if (isSilent) await new Promise(() => undefined)
      return batch.map(({ id }) => ({ id, item: { value } }))
    },
  }).start()
  const hub = new Hub(jobs, { authorize: () => ({ id: 'me' }), mayRead: () => true })
  const app = new Hono()
  app.post('/jobs/*', ({ req }) => {
    if (req.path.endsWith('/stream')) openings += 1
    return hub.fetch(req.raw)
  })
  app.get('*', (context) =>
    context.html(`<!doctype html><title>tab</title><script type="module">${program}</script>`),
  )
  const server = serve({ fetch: app.fetch, port: 0, hostname: '0.0.0.0' })
  if (!server.listening) await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    urls: { localhost: `http://localhost:${port}/`, lan: `http://${lanAddress()}:${port}/` },
    set: (next) => (value = next),
    silence: () => (isSilent = true),
    get streams() {
      return hub.stats().clients
    },
    get openings() {
      return openings
    },
    close: async () => {
      hub.close()
      void jobs.stop()
      if ('closeAllConnections' in server) server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** An address of this machine that other machines know. */
function lanAddress(): string {
  const found = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)
  if (found === undefined) throw new Error('this machine has no address but its own')
  return found.address
}
