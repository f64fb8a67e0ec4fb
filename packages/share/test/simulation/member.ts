import type { ItemId } from '@auto-refresh/core'
import type { VirtualEnvironment } from '@auto-refresh/core/testing'
import type { SharedAutoRefresh } from '@auto-refresh/share'
import type { MemberClock } from './clock.ts'
import type { Thing } from './source.ts'

/** The last value that a member wrote, or fetched alone. */
export interface Wrote {
  readonly v: number
  readonly at: number
  /** When a leader's call had succeeded that began after the leader heard of it; undefined: none has. */
  endedAt: number | undefined
}

export interface Member {
  readonly name: string
  readonly shape: string
  readonly cache: SharedAutoRefresh<Thing>
  readonly clock: MemberClock
  readonly environment: VirtualEnvironment
  readonly wrote: Map<ItemId, Wrote>
  /** `v` that this member expects of its own actions, by id. */
  readonly expects: Map<ItemId, number>
  readonly subscriptions: Map<ItemId, () => void>
  role: string
  /** The highest epoch that it knew since it joined. */
  epoch: number
  isFrozen: boolean
  frozenAt: number
  /** When its last freeze ended that may have gone unnoticed (K19). */
  thawedAt: number
  openRefreshes: number
}
