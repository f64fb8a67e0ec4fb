import { once } from 'node:events'
import { createServer, request as send, type ServerResponse } from 'node:http'

/** A proxy before a hub. */
export interface Proxy {
  readonly url: string
  readonly close: () => Promise<void>
}

/** Starts a proxy that passes a response on only when it holds that many bytes, or has held the first for so many ms. */
export async function bufferingProxy(port: number, bytes: number, ms: number): Promise<Proxy> {
  const server = createServer((incoming, response) => {
    const { method, headers, url: path } = incoming
    const outgoing = send({ host: '127.0.0.1', port, method, headers, path }, (answer) => {
      const held = new Held(response, bytes, ms)
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.on('data', (chunk: Buffer) => held.add(chunk))
      answer.on('end', () => held.end())
      answer.on('error', () => response.destroy())
    })
    outgoing.on('error', () => response.destroy())
    response.on('close', () => outgoing.destroy())
    incoming.pipe(outgoing)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}/jobs`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The bytes of one response that are held back. Its head is held, too, because Node sends it with the first bytes. */
class Held {
  readonly #response: ServerResponse
  readonly #bytes: number
  readonly #ms: number
  #chunks: Buffer[] = []
  #size = 0
  #timer: NodeJS.Timeout | undefined

  constructor(response: ServerResponse, bytes: number, ms: number) {
    this.#response = response
    this.#bytes = bytes
    this.#ms = ms
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#size += chunk.length
    if (this.#size >= this.#bytes) this.#pass()
    else if (this.#ms < Infinity) this.#timer ??= setTimeout(() => this.#pass(), this.#ms)
  }

  end(): void {
    this.#pass()
    this.#response.end()
  }

  #pass(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#size = 0
    for (const chunk of this.#chunks.splice(0)) this.#response.write(chunk)
  }
}
