import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

export interface Server {
  readonly url: string
  /** All that it has printed. */
  printed(): string
  stop(): Promise<void>
}

/** Starts a project's `start` script with `PORT` set, and waits until that port takes connections. */
export async function startServer(
  folder: string,
  env: NodeJS.ProcessEnv,
  args: (port: number) => readonly string[] = () => [],
): Promise<Server> {
  const port = await freePort()
  const server = spawn('npm', ['run', '--silent', 'start', '--', ...args(port)], {
    cwd: folder,
    env: { ...env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: npm does not tell what it started that it is to end.
    detached: true,
  })
  const exit = once(server, 'exit')
  const texts: string[] = []
  server.stdout.on('data', (text) => texts.push(String(text)))
  server.stderr.on('data', (text) => texts.push(String(text)))
  while (!(await takesConnections(port))) {
    if (server.exitCode !== null) throw new Error(`The server ended:\n${texts.join('')}`)
    await delay(100)
  }
  return {
    url: `http://127.0.0.1:${port}`,
    printed: () => texts.join(''),
    async stop() {
      if (server.pid !== undefined && server.exitCode === null) process.kill(-server.pid, 'SIGTERM')
      await exit
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (typeof address !== 'object' || address === null) throw new Error('No port')
  return address.port
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
