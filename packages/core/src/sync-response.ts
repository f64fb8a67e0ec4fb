import type { ItemId } from './item-id.ts'

/** The newest state of an item. */
export interface SyncUpdate<Item> {
  readonly id: ItemId
  readonly action?: 'update' | undefined
  readonly item: Item
  readonly validator?: unknown
}

/** Nothing has changed. */
export interface SyncUnchanged {
  readonly id: ItemId
  readonly action: 'unchanged'
  readonly validator?: unknown
}

/** The item is gone at the source: it is removed here. */
export interface SyncDelete {
  readonly id: ItemId
  readonly action: 'delete'
}

/** The item could not be refreshed. */
export interface SyncFailure {
  readonly id: ItemId
  readonly action: 'fail'
  readonly error: unknown
  /** ms until the earliest next attempt. */
  readonly retryAfter?: number | undefined
}

/**
 * The source's answer for one id. The option `missing` decides the meaning of an id that a response leaves out.
 *
 * The update is last because the compiler compares an object without `action` with the last.
 */
export type SyncResponse<Item> = SyncUnchanged | SyncDelete | SyncFailure | SyncUpdate<Item>
