import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { Connection } from './connection.ts'
import { NO_FAULT, type NetworkFault } from './network-fault.ts'

/** A TCP proxy on this machine between a client and a server, with faults that a test sets. */
export class FaultyProxy implements AsyncDisposable {
  /** Connections that were accepted so far. */
  accepted = 0
  readonly #server: Server
  readonly #port: number
  readonly #connections = new Map<Socket, Connection>()
  #fault = NO_FAULT

  private constructor(upstreamPort: number, server: Server, port: number) {
    this.#server = server
    this.#port = port
    server.on('connection', (client) => {
      this.accepted += 1
      this.#connections.set(client, new Connection(client, upstreamPort, () => this.#fault))
      client.on('close', () => this.#connections.delete(client))
    })
  }

  /** @param upstream the address of an HTTP server on this machine */
  static async before(upstream: string): Promise<FaultyProxy> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (typeof address !== 'object' || address === null) throw new Error('The proxy has no port')
    return new FaultyProxy(Number(new URL(upstream).port), server, address.port)
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** From now on the network has this fault and no other. */
  async set(fault: NetworkFault): Promise<void> {
    this.#fault = fault
    for (const connection of this.#connections.values()) connection.faultBegins()
    const isListening = fault.kind !== 'refused'
    if (this.#server.listening === isListening) return
    if (isListening) {
      this.#server.listen(this.#port, '127.0.0.1')
      await once(this.#server, 'listening')
    } else await this.#close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server.listening) await this.#close()
  }

  async #close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const connection of this.#connections.values()) connection.reset()
    await closed
  }
}
