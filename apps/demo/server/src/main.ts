/**
 * Starts the render farm. Environment: `PORT` (default 3000; 0 picks a free port), `HOST` (default 127.0.0.1: this
 * machine only) and `ROW_TIME` (ms that a row of a picture takes at least; default 8). SIGINT, SIGTERM and SIGHUP stop
 * the farm.
 */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { LIMITS } from './api.ts'
import { createApp } from './app.ts'
import { RenderFarm } from './farm/render-farm.ts'
import { RenderPool } from './farm/render-pool.ts'
import { FaultSwitches } from './faults.ts'
import { Fleet } from './fleet/fleet.ts'
import { listen } from './listen.ts'
import { TrafficCounter } from './traffic.ts'

const MOST_WORKERS = 4

const port = readNumber('PORT', { fallback: 3000, most: 65_535 })
// A picture of 320 rows thus takes 2.6 s on any machine, which can do other things meanwhile.
const rowTime = readNumber('ROW_TIME', { fallback: 8, most: 1000 })
const host = process.env['HOST'] ?? '127.0.0.1'
const pageFolder = fileURLToPath(new URL('../../dist', import.meta.url))

const farm = new RenderFarm({
  pool: new RenderPool({
    workerUrl: new URL('./farm/render-worker.js', import.meta.url),
    // One core stays free for the server and the browser.
    workers: Math.min(MOST_WORKERS, Math.max(1, availableParallelism() - 1)),
    iterationBudget: LIMITS.iterationBudget,
    rowTime,
  }),
  capacity: LIMITS.jobs,
  now: Date.now,
  newId: randomUUID,
})
const app = createApp({
  farm,
  faults: new FaultSwitches(Math.random),
  fleet: new Fleet({ size: LIMITS.nodes, changesPerSecond: 0.01, now: Date.now, random: Math.random }),
  traffic: new TrafficCounter(Date.now),
  pageFolder: existsSync(pageFolder) ? pageFolder : undefined,
})

try {
  const server = await listen(app, { host, port })
  let stopping: Promise<unknown> | undefined
  // Ctrl+C under npm arrives twice, from the terminal and from npm. The second signal must not interrupt the stopping.
  const stop = (): void => {
    stopping ??= Promise.all([server.close(), farm.close()])
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  // Printed last, because the reader of the address may send a signal at once.
  console.log(`Render farm: ${server.url}`)
} catch (error) {
  console.error(describeFailure(error))
  process.exitCode = 1
  await farm.close()
}

function describeFailure(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return `Port ${port} is already in use. Choose another one: PORT=${port === 65_535 ? 3000 : port + 1} npm start`
  }
  return `Cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : String(error)}`
}

/** An integer of the environment, from 0 to `most`. */
function readNumber(name: string, { fallback, most }: { fallback: number; most: number }): number {
  const text = process.env[name]
  if (text === undefined || text === '') return fallback
  const number = Number(text)
  if (Number.isInteger(number) && number >= 0 && number <= most) return number
  console.error(`${name} must be an integer from 0 to ${most}, got ${JSON.stringify(text)}`)
  return process.exit(1)
}
