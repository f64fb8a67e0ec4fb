/**
 * Starts the render farm. `PORT` (3000; 0 for any that is free) and `HOST` (127.0.0.1: nobody else's business) say where.
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

const port = readPort(process.env['PORT'])
const host = process.env['HOST'] ?? '127.0.0.1'
const pageFolder = fileURLToPath(new URL('../../dist', import.meta.url))

const farm = new RenderFarm({
  pool: new RenderPool({
    workerUrl: new URL('./farm/render-worker.js', import.meta.url),
    // One core stays free for the server and whoever looks at its page.
    workers: Math.max(1, availableParallelism() - 1),
    iterationBudget: LIMITS.iterationBudget,
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
  console.log(`Render farm: ${server.url}`)
  const stop = async (): Promise<void> => {
    await Promise.all([server.close(), farm.close()])
  }
  // Ctrl+C under npm comes twice, from the terminal and from npm: the second must not end what the first began.
  process.on('SIGINT', () => void stop())
  process.on('SIGTERM', () => void stop())
} catch (error) {
  console.error(
    `Render farm: could not listen on ${host}:${port}.`,
    error instanceof Error ? error.message : error,
  )
  process.exitCode = 1
  await farm.close()
}

function readPort(text: string | undefined): number {
  if (text === undefined || text === '') return 3000
  const number = Number(text)
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number
  throw new RangeError(`PORT is ${JSON.stringify(text)}; it must be a whole number from 0 to 65535`)
}
