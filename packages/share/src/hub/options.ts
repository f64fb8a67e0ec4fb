import type { Clock, ItemId } from '@auto-refresh/core'

/** Names who asks. Whatever else the application needs to decide by may be in it. */
export interface Principal {
  /** Two principals of one id are the same one: they may use each other's streams. */
  readonly id: string
}

/** The largest numbers that a hub accepts. */
export interface HubLimits {
  /** Ids that one client may want. Further ones fail with code `LIMIT`. Default 1,000. */
  readonly ids?: number | undefined
  /** Streams at a time. Further clients get 503. Default 10,000. */
  readonly clients?: number | undefined
  /** Bytes of a request's body. Default 1,000,000. */
  readonly bytes?: number | undefined
}

/** The options of a hub. */
export interface HubOptions<Item, P extends Principal> {
  /**
   * Tells who asks, by a cookie for example; undefined: nobody who may (401). It is asked for each request, and every 5
   * minutes for a stream, then with a copy of the request that opened it. A throw, or an answer that takes longer than 1 s,
   * is a failure and no refusal.
   */
  readonly authorize: (request: Request) => P | undefined | PromiseLike<P | undefined>
  /** True if the principal may read the item. What may not be read looks as if it did not exist. Asked as `authorize` is. */
  readonly mayRead: (principal: P, id: ItemId) => boolean | PromiseLike<boolean>
  /** Names the shape of the items, as at the clients. Clients of another shape get 426. Default `''`. */
  readonly version?: string | undefined
  /** Makes of an item what JSON can carry. Default: the item itself. */
  readonly serialize?: ((item: Item) => unknown) | undefined
  readonly limits?: HubLimits | undefined
  /** Default: the runtime's. */
  readonly clock?: Clock | undefined
  /** From 0 to 1, to spread renewals and reconnections. Default `Math.random`. */
  readonly random?: (() => number) | undefined
}

/** Returns the limits with their defaults. @throws {RangeError} if one is no integer ≥ 1 */
export function resolveLimits(limits: HubLimits = {}): { ids: number; clients: number; bytes: number } {
  const { ids = 1000, clients = 10_000, bytes = 1_000_000 } = limits
  for (const [name, value] of Object.entries({ ids, clients, bytes })) {
    if (Number.isInteger(value) && value >= 1) continue
    throw new RangeError(`limits.${name} must be an integer ≥ 1, got ${String(value)}`)
  }
  return { ids, clients, bytes }
}
