import type { Clock, ItemId } from '@auto-refresh/core'
import type { Lead } from '../leader/lead.ts'
import type { Link } from '../member/link.ts'
import type { SharedStatus } from '../protocol/message.ts'

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
  readonly lead: Lead<Item>
  statusTold(status: SharedStatus): void
  roleChanged(): void
}
