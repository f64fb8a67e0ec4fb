import type { AutoRefreshOptions } from '@auto-refresh/core'
import type { Transport } from './group/transport.ts'

/** Names the user or tenant whose items are shared (K9). */
export type GroupOption = string | (() => string | undefined)

/** The options of a shared cache: those of a cache, and its group. */
export interface SharedOptions<Item> extends AutoRefreshOptions<Item> {
  /**
   * Names the user (or tenant): only members of one group share. A function is asked before and after each sync call and
   * before each message; undefined: nobody is logged in, so nothing is asked, sent or shown.
   */
  readonly group: GroupOption
  /** Names the shape of the items: change it with them, because pages of two releases are open at once. Default `''`. */
  readonly version?: string | undefined
  /** How the members reach one another: `tabs()`, for example. */
  readonly transport: Transport
  /**
   * The member that leads is itself a member of another group, by this transport, and asks its leader in place of the source: a hub,
   * for example (H8). `sync` is then for as long as that leader is not there. Give `serialize` if you give `parse`.
   */
  readonly upstream?: Transport | undefined
  /** Makes of an item what can cross to other members. Default: the item itself. */
  readonly serialize?: ((item: Item) => unknown) | undefined
  /** Makes an item of what crossed. Default: what crossed itself. */
  readonly parse?: ((data: unknown) => Item) | undefined
}

/** A sync function throws it if the answer is somebody else's: another tab's log-in changed the cookie (K9). */
export class GroupError extends Error {
  readonly code = 'GROUP'

  constructor(message: string = 'the answer belongs to another group') {
    super(message)
    this.name = 'GroupError'
  }
}

export function isGroupError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'GROUP'
}
