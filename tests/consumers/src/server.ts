import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface Server {
  readonly url: string
  /** Everything that the server has printed. */
  printed(): string
  stop(): Promise<void>
}

/** The address that every server prints as soon as it takes connections. */
const ADDRESS = /http:\/\/(?:localhost|127\.0\.0\.1):([1-9]\d*)/

/**
 * Runs a project's `start` script with `PORT=0`, so that the system chooses a free port, and waits for the server's address.
 *
 * @throws Error with the output if the server ends before it prints an address.
 */
export async function startServer(
  folder: string,
  env: NodeJS.ProcessEnv,
  args: readonly string[] = [],
): Promise<Server> {
  const server = spawn('npm', ['run', '--silent', 'start', '--', ...args], {
    cwd: folder,
    env: { ...env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own because npm does not pass signals on to its children.
    detached: true,
  })
  const exit = once(server, 'exit')
  let printed = ''
  const port = await new Promise<string>((resolve, reject) => {
    const read = (text: unknown): void => {
      printed += String(text)
      const [, found] = ADDRESS.exec(printed) ?? []
      if (found !== undefined) resolve(found)
    }
    server.stdout.on('data', read)
    server.stderr.on('data', read)
    server.once('close', () => reject(new Error(`The server ended:\n${printed}`)))
  })
  return {
    url: `http://127.0.0.1:${port}`,
    printed: () => printed,
    async stop() {
      if (server.pid !== undefined && server.exitCode === null) process.kill(-server.pid, 'SIGTERM')
      await exit
    },
  }
}
