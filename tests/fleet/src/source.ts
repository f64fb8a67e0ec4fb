import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type Job, parseCall } from './job.ts'

export interface Call {
  readonly by: string
  readonly ids: readonly string[]
  /** Monotonic ms. */
  readonly at: number
}

/** The source that the processes poll. Each of its items counts how often it was changed. */
export class Source implements AsyncDisposable {
  readonly calls: Call[] = []
  readonly #steps = new Map<string, number>()
  readonly #server: Server
  /** ms that an answer takes. */
  delay = 0
  /** Name of the process that is answered with 401. */
  refused: string | undefined

  private constructor(server: Server) {
    this.#server = server
    server.on('request', (request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        const { by, ids } = parseCall(Buffer.concat(parts).toString())
        this.calls.push({ by, ids, at: performance.now() })
        if (by === this.refused) {
          response.writeHead(401).end()
          return
        }
        const answers = ids.map((id) => ({ id, item: this.#job(id) }))
        setTimeout(() => response.end(JSON.stringify(answers)), this.delay)
      })
    })
  }

  static async start(): Promise<Source> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new Source(server)
  }

  get url(): string {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}/` : ''
  }

  change(id: string): number {
    const step = (this.#steps.get(id) ?? 0) + 1
    this.#steps.set(id, step)
    return step
  }

  stepOf(id: string): number {
    return this.#steps.get(id) ?? 0
  }

  since(at: number): readonly Call[] {
    return this.calls.filter((call) => call.at >= at)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #job(id: string): Job {
    return { step: this.stepOf(id) }
  }
}
