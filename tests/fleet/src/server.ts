import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createClient } from 'redis'
import { ensureServer } from './find-server.ts'

/** A port on which nobody listens at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return address.port
}

/** A server that keeps nothing on the disk. */
export class Server implements AsyncDisposable {
  readonly port: number
  readonly #folder: string
  readonly #lines: readonly string[]
  #process: ChildProcess | undefined

  private constructor(port: number, lines: readonly string[]) {
    this.port = port
    this.#folder = mkdtempSync(path.join(tmpdir(), 'fleet-'))
    this.#lines = [
      'bind 127.0.0.1',
      `port ${port}`,
      `dir ${this.#folder}`,
      'save ""',
      'appendonly no',
      ...lines,
    ]
  }

  /** @param lines of the server's configuration */
  static async start(lines: readonly string[] = [], kind: 'server' | 'sentinel' = 'server'): Promise<Server> {
    const server = new Server(await freePort(), lines)
    await server.start(kind)
    return server
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  async start(kind: 'server' | 'sentinel' = 'server'): Promise<void> {
    const file = path.join(this.#folder, `${kind}.conf`)
    // A sentinel knows no settings of storage.
    const lines =
      kind === 'server' ? this.#lines : this.#lines.filter((line) => !/^(save|appendonly)/.test(line))
    writeFileSync(file, `${lines.join('\n')}\n`)
    this.#process = spawn(ensureServer(), kind === 'server' ? [file] : [file, '--sentinel'], {
      stdio: 'ignore',
    })
    const client = createClient({
      url: this.url,
      socket: { reconnectStrategy: () => 20, connectTimeout: 20_000 },
    }).on('error', () => undefined)
    const exited = once(this.#process, 'exit').then(() => {
      client.destroy()
      throw new Error(`the server has ended: its configuration is ${file}`)
    })
    await Promise.race([client.connect(), exited])
    exited.catch(() => undefined)
    await client.sendCommand(['PING'])
    await client.close()
  }

  /** Runs a command as an administrator. */
  async command(...args: string[]): Promise<unknown> {
    const client = createClient({ url: this.url }).on('error', () => undefined)
    await client.connect()
    try {
      return await client.sendCommand(args)
    } finally {
      await client.close()
    }
  }

  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#process?.kill(signal)
  }

  async kill(): Promise<void> {
    const process = this.#process
    this.#process = undefined
    if (process === undefined || process.exitCode !== null) return
    const exited = once(process, 'exit')
    process.kill('SIGKILL')
    await exited
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
