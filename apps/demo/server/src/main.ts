/**
 * Starts the render farm. Environment: `PORT` (default 3000; 0 picks a free port), `HOST` (default 127.0.0.1: this
 * machine only) and `ROW_TIME` (ms that a row of a picture takes at least; default 8). SIGINT, SIGTERM and SIGHUP stop
 * the farm. With `--servers 3` three servers serve the page, and share what they know of the jobs by Valkey or Redis.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createBackend } from './backend.ts'
import { readNumber, readServers } from './environment.ts'
import { describeFailure, listen } from './listen.ts'
import { stopAtSignals } from './stop-at-signals.ts'

const port = readNumber('PORT', { fallback: 3000, most: 65_535 })
// A picture of 320 rows thus takes 2.6 s on any machine, which can do other things meanwhile.
const rowTime = readNumber('ROW_TIME', { fallback: 8, most: 1000 })
const servers = readServers(process.argv)
const host = process.env['HOST'] ?? '127.0.0.1'
const folder = fileURLToPath(new URL('../../dist', import.meta.url))
const pageFolder = existsSync(folder) ? folder : undefined

const backend = createBackend({
  rowTime,
  hasPages: servers === 1,
  pageFolder: servers === 1 ? pageFolder : undefined,
})
try {
  if (servers === 1) {
    const server = await listen(backend.app, { host, port })
    stopAtSignals(() => Promise.all([backend.close(), server.close()]))
    // Printed last, because the reader of the address may send a signal at once.
    console.log(`Render farm: ${server.url}`)
  } else {
    // Most visitors need none of it.
    const { startServers } = await import('./servers/start-servers.ts')
    await startServers({ count: servers, backend, host, port, pageFolder })
  }
} catch (error) {
  console.error(describeFailure(error, { host, port }))
  process.exitCode = 1
  await backend.close()
}
