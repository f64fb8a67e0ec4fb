import type { Clock } from '@auto-refresh/core'
import type { FleetStore } from './store.ts'

/** After a second renewal that brought nothing, the next ones are twice as far apart each time, up to this many looks. */
const MAX_SKIPPED = 8

export interface SubscriptionPort {
  readonly store: FleetStore
  /** The group's channel, and the member's own. */
  readonly channels: readonly string[]
  readonly clock: Clock
  /** ms without a beat after which something is wrong. */
  readonly silence: number
  received(text: string): void
  /** The server has confirmed it. Everything before may be lost. */
  confirmed(): void
  /** No beat came for that long. Called again and again. */
  silent(): void
}

/** The subscription to a group's channels. It is made anew until it brings beats (V4). It has one timer. */
export class Subscription {
  readonly #port: SubscriptionPort
  #unsubscribe: () => void
  /** Number of the subscription: what an older one tells does not count. */
  #number = 0
  #isConfirmed = false
  #isClosed = false
  #watch: unknown
  /** How often it was made anew since the last beat. */
  #renewals = 0
  #skipped = 0

  constructor(port: SubscriptionPort) {
    this.#port = port
    this.#unsubscribe = this.#subscribe()
    this.#startWatch()
  }

  get isConfirmed(): boolean {
    return this.#isConfirmed
  }

  heardBeat(): void {
    this.#renewals = 0
    this.#skipped = 0
    this.#startWatch()
  }

  /** Subscribes anew: the first time on the same connection, later on a new one. */
  renew(): void {
    if (this.#isClosed) return
    if (this.#skipped > 0) {
      this.#skipped -= 1
      return
    }
    this.#renewals += 1
    if (this.#renewals > 2) this.#skipped = Math.min(2 ** (this.#renewals - 2), MAX_SKIPPED)
    if (this.#renewals === 1) {
      this.#isConfirmed = false
      this.#unsubscribe()
      this.#unsubscribe = this.#subscribe()
    } else {
      this.#port.store.reconnect()
    }
  }

  close(): void {
    this.#isClosed = true
    this.#isConfirmed = false
    this.#port.clock.clearTimeout(this.#watch)
    this.#unsubscribe()
  }

  #subscribe(): () => void {
    const { store, channels } = this.#port
    this.#number += 1
    const number = this.#number
    const isCurrent = (): boolean => number === this.#number && !this.#isClosed
    const confirmed = new Set<string>()
    const ends = channels.map((channel) =>
      store.subscribe(channel, {
        received: (text) => {
          if (isCurrent()) this.#port.received(text)
        },
        confirmed: () => {
          if (!isCurrent()) return
          const isNew = !confirmed.has(channel)
          confirmed.add(channel)
          // After a lost connection each is confirmed again: the last one tells.
          if (confirmed.size < channels.length || !(isNew || channel === channels.at(-1))) return
          this.#isConfirmed = true
          this.#startWatch()
          this.#port.confirmed()
        },
      }),
    )
    return () => {
      for (const end of ends) end()
    }
  }

  #startWatch(): void {
    const { clock, silence } = this.#port
    clock.clearTimeout(this.#watch)
    this.#watch = clock.setTimeout(() => {
      this.#startWatch()
      this.#port.silent()
    }, silence)
  }
}
