import type { ItemId } from '@auto-refresh/core'
import type { ConnectedQuery } from './tanstack.ts'

/** A query, the item that it shows, and what each of the two last said. */
export interface Link<Item> {
  readonly query: ConnectedQuery<Item>
  readonly id: ItemId
  /** Ends the subscription; undefined: there is none. */
  end: (() => void) | undefined
  /** The cache's item when the two last agreed. */
  item: Item | undefined
  /** The query's data at that time. Structural sharing makes it another object than the item. */
  data: Item | undefined
  /** Failures in a row that the query shows. */
  failureCount: number
  /** True if the item was in the cache when it was last shown. */
  isPresent: boolean
  /** True while the connection writes to the query. */
  isWriting: boolean
  /** Fetches of TanStack Query under way. */
  loads: number
  /** Those of them that wait for a `refresh`. */
  asked: number
  /** True if a fetch has got its answer, and TanStack Query is about to store it. */
  isAnswered: boolean
  /** True if the cache refused the last subscription, and that was reported. */
  isRefused: boolean
  /** True if the query is in its client no more. */
  isRemoved: boolean
}

export function newLink<Item>(query: ConnectedQuery<Item>, id: ItemId): Link<Item> {
  return {
    query,
    id,
    end: undefined,
    item: undefined,
    data: undefined,
    failureCount: 0,
    isPresent: false,
    isWriting: false,
    loads: 0,
    asked: 0,
    isAnswered: false,
    isRefused: false,
    isRemoved: false,
  }
}
