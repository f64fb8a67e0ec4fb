/** News of a subscription. */
export interface ChannelEvents {
  received(text: string): void
  /** The server has confirmed the subscription, for the first time or after a lost connection: messages may be lost. */
  confirmed(): void
}

/**
 * The part of a client of Valkey (7.2 or later) or Redis (7 or later) that a fleet uses: five functions. `redisStore` is one over the
 * package `redis`.
 *
 * - Commands of one process reach the server in the order of the calls.
 * - A promise that the server does not answer may settle late or never: the fleet waits `commandTimeout` for it at most.
 * - A command whose promise rejected, or has not settled, may still be carried out.
 */
export interface FleetStore {
  /** Number of the database. It becomes part of every name, because channels are common to all databases. */
  readonly database: number
  /**
   * `EVALSHA`. Text crosses as UTF-8. Numbers come back as numbers, text as strings.
   *
   * @throws an error whose message begins with `NOSCRIPT` if the server does not have the script
   */
  evalSha(sha1: string, keys: readonly string[], args: readonly string[]): Promise<unknown>
  /** `EVAL`. The server has the script from then on. */
  eval(source: string, keys: readonly string[], args: readonly string[]): Promise<unknown>
  /** `PUBLISH`. */
  publish(channel: string, text: string): Promise<unknown>
  /**
   * `SUBSCRIBE`, on a connection that sends no other commands, and again whenever that connection was lost. What arrives
   * before the confirmation counts, too. Returns at once.
   *
   * @returns the function that unsubscribes. After the last one, no connection and no timer is left of the subscriptions.
   */
  subscribe(channel: string, events: ChannelEvents): () => void
  /** Opens new connections in place of those that look well and bring nothing; certainly the one of the subscriptions. */
  reconnect(): void
}
