import type { AutoRefresh, Clock, ItemId } from '@auto-refresh/core'
import type { Link } from '../member/link.ts'
import type { SharedState, SharedStatus } from '../protocol/message.ts'

/** The part of a shared cache that its membership uses. */
export interface MembershipPort<Item> {
  readonly clock: Clock
  readonly keepAlive: boolean
  readonly link: Link<Item>
  /** Ids that this member wants. */
  readonly wants: ReadonlySet<ItemId>
  /** True if the member has the id. */
  has(id: ItemId): boolean
  /** True if the group is still the one that was joined (K9). If not, this membership is closed by that. */
  isCurrent(): boolean
  versionOf(item: Item): string
  serialize(item: Item): unknown
  /** Starts to poll for the group. @param isProbing begins with one call (K18) */
  startBack(isProbing: boolean): AutoRefresh<Item>
  stopBack(): void
  /** The back takes stored states that are newer than its own (V5). */
  seedBack(states: readonly SharedState[]): void
  /** The leader's timer fired, and it may ask again if it could not. */
  wakeBack(): void
  /** True if no call of the back succeeds. */
  isIll(): boolean
  statusTold(status: SharedStatus): void
  roleChanged(): void
}
