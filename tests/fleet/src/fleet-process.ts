import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ProcessOptions, Seen } from './job.ts'

const program = fileURLToPath(new URL('member.ts', import.meta.url))

interface Reply {
  readonly id: number
  readonly result?: unknown
  readonly error?: string
}

/** A process of the fleet, driven by a test. */
export class FleetProcess implements AsyncDisposable {
  readonly name: string
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (reply: Reply) => void>()
  #count = 0

  private constructor(name: string, child: ChildProcess) {
    this.name = name
    this.#child = child
    child.on('message', (reply: Reply) => this.#waiting.get(reply.id)?.(reply))
  }

  static async start(options: ProcessOptions): Promise<FleetProcess> {
    const child = fork(program, [JSON.stringify(options)], { execArgv: ['--import', 'tsx'] })
    const process = new FleetProcess(options.name, child)
    await process.#reply(0)
    return process
  }

  add(...ids: readonly string[]): Promise<unknown> {
    return this.#ask('add', ids)
  }

  update(id: string, step: number): Promise<unknown> {
    return this.#ask('update', [id, step])
  }

  refresh(id: string): Promise<unknown> {
    return this.#ask('refresh', [id])
  }

  stop(): Promise<unknown> {
    return this.#ask('stop', [])
  }

  async see(): Promise<Seen> {
    const seen = await this.#ask('see', [])
    if (!isSeen(seen)) throw new Error(`${this.name} said ${JSON.stringify(seen)}`)
    return seen
  }

  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exited
  }

  async #ask(command: string, args: readonly unknown[]): Promise<unknown> {
    this.#count += 1
    const id = this.#count
    const reply = this.#reply(id)
    this.#child.send({ id, command, args })
    const { result, error } = await reply
    if (error !== undefined) throw new Error(error)
    return result
  }

  #reply(id: number): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const exited = (): void => reject(new Error(`${this.name} has ended`))
      this.#child.once('exit', exited)
      this.#waiting.set(id, (reply) => {
        this.#waiting.delete(id)
        this.#child.off('exit', exited)
        resolve(reply)
      })
    })
  }
}

function isSeen(value: unknown): value is Seen {
  return typeof value === 'object' && value !== null && 'role' in value
}
