import type { CallKind, ItemId } from '@auto-refresh/core'

/** One call of the sync function. */
export interface CallRecord {
  /** Number of the call in its cache. */
  readonly call: number
  readonly kind: CallKind
  /** The first ids of the call: at most `MOST_IDS`. */
  readonly ids: readonly ItemId[]
  /** Number of all ids. */
  readonly size: number
  /** Epoch ms. */
  readonly startedAt: number
  readonly outcome: 'running' | 'ok' | 'failed' | 'stopped'
  /** ms; undefined while the call runs. */
  readonly duration: number | undefined
  readonly error: unknown
}

/** Ids that are kept of a call, because a call may contain every item of a cache. */
export const MOST_IDS = 200
