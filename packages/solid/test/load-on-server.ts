import path from 'node:path'
import { createServer } from 'vite'
import solid from 'vite-plugin-solid'
import type * as onServer from './on-server.tsx'

/** Loads the components as they are compiled for a server, with the modules of Solid for one. */
export async function loadOnServer(): Promise<typeof onServer> {
  const resolve = { conditions: ['@auto-refresh/source', 'node'] }
  const server = await createServer({
    root: path.join(import.meta.dirname, '..'),
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    server: { middlewareMode: true, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true, include: [] },
    plugins: [solid({ ssr: true, hot: false })],
    resolve,
    // Not by Node itself, which resolves for a browser in these tests.
    ssr: { resolve, noExternal: true },
  })
  const loaded = await server.ssrLoadModule('/test/on-server.tsx')
  await server.close()
  return loaded as typeof onServer
}
