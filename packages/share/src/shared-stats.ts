import type { AutoRefreshStats } from '@auto-refresh/core'
import type { AloneReason } from './group/alone-reason.ts'
import type { Role } from './group/roles.ts'
import type { DropReason } from './protocol/read.ts'

/** Counters of a member, besides those of its cache (K11). */
export interface SharedStats extends AutoRefreshStats {
  readonly role: Role
  /** Number of the leader's term; 0: none was heard of. */
  readonly epoch: number
  /** Members of the group, this one included. */
  readonly members: number
  readonly messagesSent: number
  readonly messagesReceived: number
  /** Messages that were dropped, by reason. */
  readonly dropped: Readonly<Record<DropReason, number>>
  /** Times at which something was found to be lost. */
  readonly gaps: number
  /** Why the member is alone; undefined if it is not. */
  readonly alone: AloneReason | undefined
}
