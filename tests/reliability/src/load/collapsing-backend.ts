import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { setInterval } from 'node:timers'

interface QueuedCall {
  readonly response: ServerResponse
  readonly ids: readonly string[]
  readonly arrivedAt: number
}

export interface BackendOptions {
  /** Calls per second that it can process. */
  readonly capacity: number
  /** ms after which it drops a waiting call. */
  readonly queueTimeout: number
}

/** ms */
const TICK = 10

/**
 * An HTTP server that can process a number of calls per second. The others wait in the order of their arrival, and a
 * waiting call costs as much work as another even if its caller has given up, which is why a backend collapses.
 */
export class CollapsingBackend implements AsyncDisposable {
  /** Calls so far, and those that were answered while their caller still waited. */
  calls = 0
  answered = 0
  /** The backend answers nothing; callers give up. */
  isOut = false
  readonly #server: Server
  readonly #queue: QueuedCall[] = []
  readonly #options: BackendOptions
  readonly #ticks: NodeJS.Timeout
  /** Present strength, in calls. */
  #strength = 0
  #tickedAt = performance.now()

  private constructor(options: BackendOptions, server: Server) {
    this.#options = options
    this.#server = server
    this.#ticks = setInterval(() => this.#tick(), TICK)
    server.on('request', ({ url = '' }, response) => {
      this.calls += 1
      const ids = new URLSearchParams(url.slice(url.indexOf('?'))).get('ids') ?? ''
      this.#queue.push({ response, ids: ids.split(','), arrivedAt: performance.now() })
    })
  }

  static async start(options: BackendOptions): Promise<CollapsingBackend> {
    const server = createServer({ keepAliveTimeout: 0 })
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 })
    await once(server, 'listening')
    return new CollapsingBackend(options, server)
  }

  get url(): string {
    const address = this.#server.address()
    if (typeof address !== 'object' || address === null) throw new Error('The backend has no port')
    return `http://127.0.0.1:${address.port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#ticks)
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  #tick(): void {
    const now = performance.now()
    const { capacity, queueTimeout } = this.#options
    // Unused strength is lost.
    this.#strength = this.isOut ? 0 : Math.min(this.#strength, 1) + ((now - this.#tickedAt) * capacity) / 1000
    this.#tickedAt = now
    for (let [call] = this.#queue; call !== undefined; [call] = this.#queue) {
      const isTooLate = call.arrivedAt + queueTimeout <= now
      if (!isTooLate && this.#strength < 1) return
      this.#queue.shift()
      if (isTooLate) call.response.writeHead(503).end()
      else this.#answer(call)
    }
  }

  #answer({ response, ids }: QueuedCall): void {
    this.#strength -= 1
    if (response.destroyed) return
    this.answered += 1
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(ids.map((id) => ({ id, item: { seen: this.answered } }))))
  }
}
