import type { ChannelEvents, FleetStore } from '@auto-refresh/share/fleet'

/** Counts of a store's work. */
export interface Metered {
  /** Commands. A script counts as one. */
  commands: number
  /** Characters received. */
  received: number
  /** Characters sent as messages, once per subscriber. */
  sent: number
}

/** A store that counts what it passes on. */
export class MeteredStore implements FleetStore {
  readonly database: number
  readonly #store: FleetStore
  readonly #metered: Metered

  constructor(store: FleetStore, metered: Metered) {
    this.database = store.database
    this.#store = store
    this.#metered = metered
  }

  evalSha(sha1: string, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    this.#count(sha1, ...keys, ...args)
    return this.#store.evalSha(sha1, keys, args)
  }

  eval(source: string, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    this.#count(source, ...keys, ...args)
    return this.#store.eval(source, keys, args)
  }

  publish(channel: string, text: string): Promise<unknown> {
    this.#count(channel, text)
    return this.#store.publish(channel, text)
  }

  subscribe(channel: string, events: ChannelEvents): () => void {
    return this.#store.subscribe(channel, {
      confirmed: () => events.confirmed(),
      received: (text) => {
        this.#metered.sent += text.length
        events.received(text)
      },
    })
  }

  reconnect(): void {
    this.#store.reconnect()
  }

  #count(...texts: readonly string[]): void {
    this.#metered.commands += 1
    for (const text of texts) this.#metered.received += text.length
  }
}
