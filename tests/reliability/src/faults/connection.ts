import { connect, type Socket } from 'node:net'
import type { NetworkFault } from './network-fault.ts'

/** Writes per second of a slow connection. */
const SLICES_PER_SECOND = 20

/** Separator of the head and the body of an HTTP answer. */
const END_OF_HEAD = '\r\n\r\n'

/** One connection through the proxy, in both directions. It applies the present fault to each piece that it passes on. */
export class Connection {
  readonly #client: Socket
  readonly #server: Socket
  readonly #fault: () => NetworkFault
  /** Monotonic ms at which everything that came back so far has been passed on. */
  #passedAt = 0
  /** Bytes that came back since the present fault began, if it cuts answers. */
  #answer = Buffer.alloc(0)
  /** True: it swallows everything, also after the fault, because its peer has forgotten it. */
  #isDead = false

  constructor(client: Socket, port: number, fault: () => NetworkFault) {
    this.#client = client
    this.#fault = fault
    this.#server = connect(port, '127.0.0.1')
    for (const socket of [client, this.#server]) socket.on('error', () => this.reset())
    client.on('data', (sent) => {
      if (!this.#isDead) this.#server.write(sent)
    })
    client.on('close', () => this.#server.destroy())
    this.#server.on('data', (answer) => this.#passOn(answer))
    this.#server.on('close', () => this.#later(() => client.end()))
    this.faultBegins()
  }

  faultBegins(): void {
    this.#answer = Buffer.alloc(0)
    const { kind } = this.#fault()
    if (kind === 'reset' || kind === 'refused') this.reset()
    if (kind === 'half-open') this.#isDead = true
  }

  reset(): void {
    this.#client.resetAndDestroy()
    this.#server.destroy()
  }

  #passOn(answer: Buffer): void {
    if (this.#isDead) return
    const fault = this.#fault()
    if (fault.kind === 'slow') this.#trickle(answer, fault)
    else if (fault.kind === 'cut') this.#passUntilCut(answer, fault)
    else this.#later(() => this.#client.write(answer))
  }

  #trickle(answer: Buffer, { latency, bytesPerSecond }: NetworkFault & { readonly kind: 'slow' }): void {
    this.#passedAt = Math.max(this.#passedAt, performance.now() + latency)
    const length = Math.ceil(bytesPerSecond / SLICES_PER_SECOND)
    for (let from = 0; from < answer.length; from += length) {
      const slice = answer.subarray(from, from + length)
      this.#passedAt += (1000 * slice.length) / bytesPerSecond
      this.#later(() => this.#client.write(slice))
    }
  }

  #passUntilCut(answer: Buffer, { after, by }: NetworkFault & { readonly kind: 'cut' }): void {
    const passed = this.#answer.length
    this.#answer = Buffer.concat([this.#answer, answer])
    const head = this.#answer.indexOf(END_OF_HEAD)
    const cut = head === -1 ? Infinity : head + END_OF_HEAD.length + after
    this.#client.write(this.#answer.subarray(passed, cut))
    if (this.#answer.length < cut) return
    if (by === 'reset') this.reset()
    else this.#client.end()
  }

  /** Runs `pass` after slowed-down data has been passed on. */
  #later(pass: () => void): void {
    const delay = this.#passedAt - performance.now()
    const passUnlessOver = (): void => {
      if (this.#client.writable && !this.#isDead) pass()
    }
    if (delay <= 0) passUnlessOver()
    else setTimeout(passUnlessOver, delay)
  }
}
