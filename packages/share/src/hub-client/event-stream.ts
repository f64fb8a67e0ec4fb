import type { Clock } from '@auto-refresh/core'
import { createParser } from 'eventsource-parser'
import { MAX_MESSAGE_LENGTH } from '../protocol/limits.ts'

/** How a stream ended. */
export interface StreamEnd {
  /** ms after which the server wants the client back; undefined: it did not say. */
  readonly retry: number | undefined
  /** The error that ended it; undefined: the server ended it in order. */
  readonly error: unknown
  /** True if nothing arrived for the lease, or only what had been held back on the way. */
  readonly isHeld: boolean
}

interface StreamPort {
  readonly clock: Clock
  /** ms of silence after which the stream counts as dead. */
  readonly lease: number
  /** Opens the response. */
  open(signal: AbortSignal): Promise<Response>
  opened(): void
  event(type: string, data: string): void
  /** The stream has ended, and not by `close`. */
  ended(end: StreamEnd): void
}

/** A response of server-sent events, from the request to its end. */
export class EventStream {
  readonly #port: StreamPort
  readonly #abort = new AbortController()
  #timer: unknown
  #heardAt: number
  #retry: number | undefined
  #isOver = false

  constructor(port: StreamPort) {
    this.#port = port
    this.#heardAt = port.clock.now()
    this.#watch()
    void this.#run()
  }

  /** Ends it. What it still says is ignored, its end included (H9). */
  close(): void {
    this.#isOver = true
    this.#port.clock.clearTimeout(this.#timer)
    this.#abort.abort()
  }

  async #run(): Promise<void> {
    try {
      const response = await this.#port.open(this.#abort.signal)
      if (this.#isOver) {
        void response.body?.cancel().catch(() => undefined)
        return
      }
      const type = response.headers.get('content-type') ?? ''
      if (!type.startsWith('text/event-stream') || response.body === null) {
        throw new TypeError(`the hub answered a stream by ${JSON.stringify(type)}`)
      }
      this.#port.opened()
      await this.#read(response.body)
      this.#end(undefined)
    } catch (error) {
      this.#end(error)
    }
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const parser = createParser({
      maxBufferSize: MAX_MESSAGE_LENGTH * 2,
      onEvent: ({ event, data }) => {
        if (!this.#isOver) this.#port.event(event ?? 'message', data)
      },
      onRetry: (retry) => {
        this.#retry = retry
      },
      onError: (error) => {
        if (error.type === 'max-buffer-size-exceeded') throw error
      },
    })
    const decoder = new TextDecoder()
    const reader = body.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done || this.#isOver) return
      this.#heardAt = this.#port.clock.now()
      parser.feed(decoder.decode(value, { stream: true }))
    }
  }

  /** Ends the stream if nothing arrives for the lease. */
  #watch(): void {
    const { clock, lease } = this.#port
    const left = this.#heardAt + lease - clock.now()
    if (left <= 0) this.#end(new Error('the stream is silent'), true)
    else this.#timer = clock.setTimeout(() => this.#watch(), left)
  }

  #end(error: unknown, isHeld = false): void {
    if (this.#isOver) return
    this.close()
    this.#port.ended({ retry: this.#retry, error, isHeld })
  }
}
