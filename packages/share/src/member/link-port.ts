import type { ItemId } from '@auto-refresh/core'
import type { AdoptedState, ItemState } from '@auto-refresh/core/adapter'
import type { Delays } from './delays.ts'
import type { Ask } from '../protocol/message.ts'

/** The part of a member that its link uses. */
export interface LinkPort<Item> {
  readonly delays: Delays
  /** Ids that the member wants. */
  readonly wants: ReadonlySet<ItemId>
  stateOf(id: ItemId): ItemState<Item> | undefined
  adopt(states: readonly AdoptedState<Item>[]): void
  /** The source deleted them. */
  remove(ids: readonly ItemId[]): void
  readonly parse: (item: unknown) => Item
  readonly isTerminal: (item: Item) => boolean
  /** Sends to whoever leads. */
  send(ask: Ask): void
  /** Asks the source itself for an id. */
  refreshAlone(id: ItemId): void
  /** ms on the member's own clock (K7). */
  now(): number
  /** True if nothing is lost, as `Transport` says. */
  readonly isStream: boolean
}
