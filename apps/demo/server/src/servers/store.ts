import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createClient } from 'redis'

/** ms that a server of ours has to start. */
const START = 10_000

/** Valkey or Redis, by which servers share. */
export interface Store {
  readonly url: string
  /** Its name for people. */
  readonly name: string
  /** Ends it, if it was started here. */
  close(): Promise<void>
}

/** There is no store, and the message says what would be one. */
export class NoStore extends Error {
  override readonly name = 'NoStore'
}

const MISSING = `Several servers share by Valkey (7.2 or newer) or Redis (7 or newer), and none was found:
  - REDIS_URL and VALKEY_URL are not set (for example REDIS_URL=redis://127.0.0.1:6379),
  - there is no valkey-server and no redis-server on the PATH.
Set one of the two, install one (apt-get install redis-server, brew install valkey), or start one server, which needs none: npm start`

/** Finds a store by the environment, or starts one on a free port. @throws {NoStore} */
export async function openStore(env: Readonly<Record<string, string | undefined>>): Promise<Store> {
  for (const name of ['REDIS_URL', 'VALKEY_URL']) {
    const url = env[name]
    if (url !== undefined && url !== '') return reach(url, name)
  }
  const program = findProgram(['valkey-server', 'redis-server'], env['PATH'] ?? '')
  if (program === undefined) throw new NoStore(MISSING)
  return start(program)
}

/** Path of the first of these programs that is in one of the folders of `PATH`. */
export function findProgram(names: readonly string[], folders: string): string | undefined {
  const paths = names.flatMap((name) =>
    folders.split(path.delimiter).map((folder) => path.join(folder, name)),
  )
  return paths.find((file) => {
    try {
      accessSync(file, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

async function reach(url: string, name: string): Promise<Store> {
  try {
    await ping(url, false)
  } catch (error) {
    throw new NoStore(`${name} names ${url}, which does not answer: ${String(error)}`, { cause: error })
  }
  return { url, name: `the store of ${name}`, close: () => Promise.resolve() }
}

async function start(program: string): Promise<Store> {
  const port = await freePort()
  const settings = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    tmpdir(),
  ]
  // In a group of its own: a Ctrl+C in the terminal must not end it before the servers have.
  const child = spawn(program, settings, { stdio: 'ignore', detached: true })
  const ended: Promise<unknown> = once(child, 'exit')
  const url = `redis://127.0.0.1:${port}`
  try {
    const failed = ended.then(() => {
      throw new Error('it ended')
    })
    await Promise.race([ping(url, true), failed])
    failed.catch(() => undefined)
  } catch (error) {
    child.kill('SIGKILL')
    throw new NoStore(`${program} did not start: ${String(error)}`, { cause: error })
  }
  return { url, name: `${path.basename(program)} on port ${port}`, close: () => end(child, ended) }
}

async function end(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM')
    await ended
  }
}

/** Resolves when the store answers. @param isStarting true: tries again for a while */
async function ping(url: string, isStarting: boolean): Promise<void> {
  const deadline = Date.now() + START
  const reconnectStrategy = (): number | false => (isStarting && Date.now() < deadline ? 20 : false)
  const client = createClient({ url, socket: { reconnectStrategy, connectTimeout: START } }).on(
    'error',
    ignore,
  )
  await client.connect()
  try {
    await client.ping()
  } finally {
    client.destroy()
  }
}

function ignore(): void {}

/** A port on which nobody listens at this moment. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
