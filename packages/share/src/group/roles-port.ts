import type { LeaderBody, MemberBody } from '../protocol/message.ts'
import type { AwakeTimer } from './awake-timer.ts'
import type { Connection, Timing } from './transport.ts'

/** The part of a membership that the roles drive. */
export interface RolesPort {
  readonly self: string
  readonly timing: Timing
  readonly connection: Connection
  readonly timer: AwakeTimer
  /** Wall clock, epoch ms. */
  epoch(): number
  send(body: MemberBody | LeaderBody, to?: string): void
  /** The link speaks to another leader from now on. */
  openLink(): void
  closeLink(): void
  /** Messages that are received may have waited somewhere (K19). */
  distrust(): void
  /** A beat has passed for a link that is open. */
  pulse(): void
  /** The leader that the link speaks to has missed something. */
  leaderMissed(): void
  /** ms for which the leader has not acknowledged what it should. */
  linkSilence(): number
  /** This member polls for the group from now on, or does not any more. @param isProbing begins with one call (K18) */
  lead(isProbing: boolean): void
  unlead(): void
  /** This leader's timer fired. */
  tickLeader(): void
  /** A beat of this leader is due. */
  beat(): void
  /** When the leader has to do something besides its beats. */
  leaderDueAt(): number
  /** True if this leader has others to poll for, and none of its own calls succeeds. */
  isIll(): boolean
  changed(): void
}
