/** Encodes text. Clients that want the same are told the same, and in the same turn: that is encoded once. */
export class TextBytes {
  readonly #encoder = new TextEncoder()
  #text = ''
  #bytes: Uint8Array = new Uint8Array()

  encode(text: string): Uint8Array {
    // A copy, because a runtime may transfer the buffer that it is handed.
    if (text === this.#text) return this.#bytes.slice()
    this.#text = text
    this.#bytes = this.#encoder.encode(text)
    return this.#bytes.slice()
  }
}
