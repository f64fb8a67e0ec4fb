import type { ItemId } from './item-id.ts'

/** A running task's own view of an item, for adapters and shared caches; ages and delays in ms. */
export interface ItemState<Item> {
  readonly id: ItemId
  readonly item: Item | undefined
  readonly validator: unknown
  readonly error: unknown
  readonly failureCount: number
  readonly unchangedCount: number
  /** ms since a sync last succeeded; undefined if none has. */
  readonly age: number | undefined
  /** ms until the next refresh by the clock; undefined if none is scheduled. */
  readonly next: number | undefined
}

/** A state that a shared cache hands to `adopt`, which knows more about it than its age (E5). */
export interface AdoptedState<Item> extends ItemState<Item> {
  /**
   * `newer`: it is newer than what is there, whatever its age says. `failure`: only `error`, `failureCount` and `next` are
   * taken. Default: by its age.
   */
  readonly take?: 'newer' | 'failure' | undefined
  /** True if the success was asked for by `refresh`: it may reopen a terminal item (W7). */
  readonly reopens?: boolean | undefined
}
