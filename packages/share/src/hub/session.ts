import type { ItemId } from '@auto-refresh/core'
import type { Client } from './client.ts'
import { CheckFailed, type Gate } from './gate.ts'
import type { Principal } from './options.ts'
import type { Outbox } from './outbox.ts'
import { Stream } from './stream.ts'

/** ms between two beats of a stream. */
export const BEAT = 5000
/** ms after which rights are looked at anew, and after a check that failed. */
const RENEWAL = 300_000
const RETRY = 10_000
/** Beats for which a reader may take nothing. */
const MAX_STALLED = 2
/** Acknowledgements and states that wait for a reader that asks and does not read. */
const MAX_WAITING = 20_000

/** The part of a hub that a session uses. */
export interface SessionPort<P extends Principal> {
  readonly key: string
  /** Name of the hub. */
  readonly hub: string
  readonly client: Client
  readonly outbox: Outbox
  readonly gate: Gate<P>
  now(): number
  random(): number
  encode(text: string): Uint8Array
  /** There is something to write. */
  wake(): void
  /** The session is over. */
  ended(): void
}

/** A client with its stream, and the rights that it had when they were last looked at. */
export class Session<P extends Principal> {
  readonly #port: SessionPort<P>
  principal: P
  /** A copy of the request that opened the stream: rights are renewed by it. */
  #request: Request
  #stream: Stream | undefined
  #taken = 0
  #stalled = 0
  /** When the next beat is due, ms. */
  beatAt = 0
  #renewAt: number
  #isRetried = false
  #renewing: Promise<void> | undefined

  constructor(port: SessionPort<P>, principal: P, request: Request) {
    this.#port = port
    this.principal = principal
    this.#request = request
    this.#renewAt = port.now() + RENEWAL * port.random()
  }

  get key(): string {
    return this.#port.key
  }

  get client(): Client {
    return this.#port.client
  }

  get outbox(): Outbox {
    return this.#port.outbox
  }

  /** Opens a stream in place of the one before, with a beat at its head. */
  open(principal: P, request: Request): ReadableStream<Uint8Array> {
    const older = this.#stream
    this.principal = principal
    this.#request = new Request(request.url, { method: request.method, headers: request.headers })
    this.#isRetried = false
    this.outbox.isSealed = false
    const stream = new Stream({
      next: () => this.outbox.take(),
      cancelled: () => this.#left(stream),
      encode: (text) => this.#port.encode(text),
    })
    this.#stream = stream
    this.#taken = 0
    this.#stalled = 0
    older?.end()
    request.signal.addEventListener('abort', () => {
      stream.end()
      this.#left(stream)
    })
    this.outbox.greet(this.#port.hub)
    return stream.body
  }

  /** Writes what there is, if the reader takes it. */
  write(): void {
    if (this.outbox.size > MAX_WAITING + this.client.size) this.#drop()
    else this.#stream?.write()
  }

  /** A beat is due. Ends a stream that nobody reads. */
  beat(): void {
    const stream = this.#stream
    if (stream === undefined) return
    const isStalled = !stream.isRead && stream.taken === this.#taken
    this.#taken = stream.taken
    this.#stalled = isStalled ? this.#stalled + 1 : 0
    if (this.#stalled >= MAX_STALLED) {
      this.#drop()
      return
    }
    this.outbox.beat()
    stream.write()
    if (this.#port.now() >= this.#renewAt) void this.renew()
  }

  /** Looks at the rights anew, after a look that is under way. Never rejects. */
  renew(): Promise<void> {
    const before = this.#renewing ?? Promise.resolve()
    const renewing = before.then(() => this.#renew())
    this.#renewing = renewing
    return renewing
  }

  /** Ends the stream. @param last what goes out before */
  end(last?: string): void {
    const stream = this.#stream
    this.#stream = undefined
    stream?.end(last)
    if (stream !== undefined) this.#port.ended()
  }

  async #renew(): Promise<void> {
    this.#renewAt = Infinity
    const { client, gate, outbox } = this.#port
    const ids: readonly ItemId[] = [...client.ids]
    try {
      const principal = await gate.admit(this.#request)
      if (principal?.id !== this.principal.id) {
        // Who opens a stream anew is told why.
        this.end()
        return
      }
      const readable = await gate.readable(principal, ids)
      this.principal = principal
      client.setReadable(ids, readable)
      this.#isRetried = false
      outbox.isSealed = false
      this.#renewAt = this.#port.now() + RENEWAL * (1 - this.#port.random() / 10)
    } catch (error) {
      if (!(error instanceof CheckFailed)) throw error
      // The last rights hold for one more try.
      outbox.isSealed = this.#isRetried
      this.#isRetried = true
      this.#renewAt = this.#port.now() + RETRY
    }
    this.#port.wake()
  }

  #drop(): void {
    const stream = this.#stream
    stream?.abort()
    if (stream !== undefined) this.#left(stream)
  }

  /** The reader of a stream is gone: maybe of one that was replaced. */
  #left(stream: Stream): void {
    if (stream !== this.#stream) return
    this.#stream = undefined
    this.#port.ended()
  }
}
