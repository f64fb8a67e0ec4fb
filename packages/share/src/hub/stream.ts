/** The questions and news of a stream. */
export interface StreamPort {
  /** The text that goes out now; undefined: nothing at present. */
  next(): string | undefined
  /** The reader is gone: it cancelled. */
  cancelled(): void
  encode(text: string): Uint8Array
}

/** A response's body that is written only as fast as it is read: nothing is queued (H3). */
export class Stream {
  readonly body: ReadableStream<Uint8Array>
  readonly #port: StreamPort
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  /** How often the reader took something. */
  taken = 0
  #isAsked = false
  #isEnded = false

  constructor(port: StreamPort) {
    this.#port = port
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller
        },
        pull: () => {
          this.#isAsked = true
          this.taken += 1
          this.write()
        },
        cancel: () => {
          this.#isEnded = true
          port.cancelled()
        },
      },
      { highWaterMark: 0 },
    )
  }

  /** True if the reader wants more than there is. */
  get isRead(): boolean {
    return this.#isAsked
  }

  /** Writes what there is, if the reader takes something. After the end it does nothing. */
  write(): void {
    if (!this.#isAsked || this.#isEnded) return
    const text = this.#port.next()
    if (text === undefined) return
    this.#isAsked = false
    this.#enqueue(text)
  }

  /** Ends the response. @param last what goes out before, whether or not somebody reads */
  end(last?: string): void {
    if (this.#isEnded) return
    if (last !== undefined) this.#enqueue(last)
    this.#isEnded = true
    try {
      this.#controller?.close()
    } catch {
      // The runtime has ended it already.
    }
  }

  /** Ends the response although the reader has not taken what there was. */
  abort(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    try {
      this.#controller?.error(new Error('a client reads nothing, so that its stream is ended'))
    } catch {
      // The runtime has ended it already.
    }
  }

  #enqueue(text: string): void {
    try {
      this.#controller?.enqueue(this.#port.encode(text))
    } catch {
      // A runtime that ended the response without telling.
      this.#isEnded = true
      this.#port.cancelled()
    }
  }
}
