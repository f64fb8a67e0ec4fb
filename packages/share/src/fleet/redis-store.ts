import type { ChannelEvents, FleetStore } from './store.ts'

/** Commands of a client of the package `redis`, version 5 or later. */
export interface RedisCommands {
  readonly isReady: boolean
  evalSha(sha1: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
  eval(source: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
  publish(channel: string, message: string): Promise<unknown>
}

/** The part of the application's client that is used. */
export interface RedisClient extends RedisCommands {
  readonly options?: { readonly database?: number | undefined } | undefined
  duplicate(): RedisDuplicate
}

/** The part of its duplicates that is used: one carries the subscriptions. */
export interface RedisDuplicate extends RedisCommands {
  on(event: 'error' | 'ready', listener: () => void): unknown
  connect(): Promise<unknown>
  /** That of a Sentinel client returns a promise. */
  destroy(): unknown
  subscribe(channel: string, listener: (message: unknown) => void): Promise<unknown>
  unsubscribe(channel: string, listener: (message: unknown) => void): Promise<unknown>
}

export interface RedisStoreOptions {
  /** Number of the database, if the client's own options do not tell. */
  readonly database?: number | undefined
}

/**
 * The way of a fleet to Valkey or Redis by the application's own client of the package `redis`, version 5 or later. Commands
 * go by that client; subscriptions by one duplicate of it, which is closed when the last cache stops. If the client's
 * connection looks well and brings nothing, a second duplicate takes its place. The application closes its client itself,
 * after its caches have stopped.
 */
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): FleetStore {
  return new RedisStore(client, options.database ?? client.options?.database ?? 0)
}

interface Subscription {
  readonly channel: string
  readonly events: ChannelEvents
  readonly listener: (message: unknown) => void
}

class RedisStore implements FleetStore {
  readonly database: number
  readonly #client: RedisClient
  /** In place of the application's client, once that looked well and brought nothing. */
  #own: RedisDuplicate | undefined
  #subscriber: RedisDuplicate | undefined
  readonly #subscriptions = new Set<Subscription>()

  constructor(client: RedisClient, database: number) {
    this.#client = client
    this.database = database
  }

  async evalSha(sha1: string, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    return this.#ready.evalSha(sha1, { keys: [...keys], arguments: [...args] })
  }

  async eval(source: string, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    return this.#ready.eval(source, { keys: [...keys], arguments: [...args] })
  }

  async publish(channel: string, text: string): Promise<unknown> {
    return this.#ready.publish(channel, text)
  }

  /** While its connection is away, the client would keep every command in its queue, and send it when it is old. */
  get #ready(): RedisCommands {
    const client = this.#own ?? this.#client
    if (client.isReady) return client
    throw new Error('the store is away')
  }

  subscribe(channel: string, events: ChannelEvents): () => void {
    const listener = (text: unknown): void => {
      if (typeof text === 'string') events.received(text)
    }
    const subscription = { channel, events, listener }
    this.#subscriptions.add(subscription)
    this.#subscriber ??= this.#open()
    if (this.#subscriber.isReady) this.#subscribe(this.#subscriber, subscription)
    return () => this.#unsubscribe(subscription)
  }

  reconnect(): void {
    // One that is connecting needs no help.
    if (this.#subscriber?.isReady === true) {
      destroy(this.#subscriber)
      this.#subscriber = this.#open()
    }
    if (!(this.#own ?? this.#client).isReady) return
    // Nothing may come of the application's own client either, and only the application may end that.
    if (this.#own !== undefined) destroy(this.#own)
    this.#own = this.#open()
  }

  #open(): RedisDuplicate {
    const subscriber = this.#client.duplicate()
    // An error without a listener ends the process. The client connects again by itself.
    subscriber.on('error', () => undefined)
    subscriber.on('ready', () => {
      if (subscriber !== this.#subscriber) return
      for (const subscription of this.#subscriptions) this.#subscribe(subscriber, subscription)
    })
    subscriber.connect().catch(() => {
      // Its own options say that it gives up: the next subscription opens another one.
      if (this.#subscriber === subscriber) this.#subscriber = undefined
      if (this.#own === subscriber) this.#own = undefined
    })
    return subscriber
  }

  #subscribe(subscriber: RedisDuplicate, subscription: Subscription): void {
    subscriber.subscribe(subscription.channel, subscription.listener).then(
      () => {
        const isCurrent = this.#subscriber === subscriber && this.#subscriptions.has(subscription)
        if (isCurrent) subscription.events.confirmed()
      },
      () => undefined,
    )
  }

  #unsubscribe(subscription: Subscription): void {
    if (!this.#subscriptions.delete(subscription)) return
    const subscriber = this.#subscriber
    if (subscriber === undefined) return
    if (this.#subscriptions.size === 0) {
      this.#subscriber = undefined
      destroy(subscriber)
      if (this.#own !== undefined) destroy(this.#own)
      this.#own = undefined
    } else if (subscriber.isReady) {
      subscriber.unsubscribe(subscription.channel, subscription.listener).catch(() => undefined)
    }
  }
}

function destroy(subscriber: RedisDuplicate): void {
  // One that was not connected throws.
  const destroying = async (): Promise<unknown> => subscriber.destroy()
  destroying().catch(() => undefined)
}
