import type { ItemId } from '@auto-refresh/core'

/** Version of this protocol. Messages of another one are dropped (K8). */
export const PROTOCOL = 1

/** The fields of every message. */
export interface Header {
  readonly v: typeof PROTOCOL
  /** Names the user or tenant. Messages of another group are dropped (K9). */
  readonly group: string
  /** Names the shape of the items. Messages of another shape are dropped. */
  readonly shape: string
  /** Number of the leader's term. A member sends the highest that it knows; 0 for none. */
  readonly epoch: number
  /** Drawn at each start and kept nowhere, because a duplicated tab copies its storage, and a fork its memory. */
  readonly from: string
  /** Receiver; left out: everybody. */
  readonly to?: string
}

/** A wish of a member: refresh this item by the clock. */
export interface Want {
  readonly id: ItemId
  /** ms until the member's own clock would refresh it; left out: it has no due time. */
  readonly next?: number
  /** Version of the item that the member has. */
  readonly version?: string
}

/** A refresh that was asked for. Asking twice with the same number is asking once (K5). */
export interface Ticket {
  readonly ticket: number
  readonly ids: readonly ItemId[]
  /** True: as `refreshAll` does it, not of isolated items, and in an outage by one call (G1, G8). */
  readonly all?: true
}

/** An error as it crosses between members; never a stack (K10). */
export interface SharedError {
  readonly name: string
  readonly message: string
  readonly code?: string | number
  readonly status?: number
  /** ms */
  readonly retryAfter?: number
}

/** The leader's view of an item. Ages and delays are ms when it is sent, because no two machines' clocks are compared. */
export interface SharedState {
  readonly id: ItemId
  /** Changes with the item. Left out: the leader has no item. */
  readonly version?: string
  /** Left out if the receiver has this version. */
  readonly item?: unknown
  readonly validator?: unknown
  /** Present only after a failure, as is `failureCount`. */
  readonly error?: SharedError
  readonly failureCount?: number
  /** Left out: 0. */
  readonly unchangedCount?: number
  /** ms since a sync last succeeded; left out: none has. */
  readonly age?: number
  /** ms until the next refresh by the clock; left out: none is scheduled. */
  readonly next?: number
  /**
   * ms for which the source itself wants the item left alone, after a failure: whoever leads next keeps to it (T8, F15). Left out:
   * the failure may be the leader's own trouble (K18).
   */
  readonly wait?: number
  /** Number of the `answers` that told of the last success; 0: it is from before this leader. */
  readonly seq: number
  /** True if the success was asked for by `refresh`: it may reopen a terminal item (K15). */
  readonly reopens?: true
}

/** The leader's view of the source (K17). */
export interface SharedStatus {
  readonly isOutage: boolean
  readonly error?: SharedError
  /** ms since a call last succeeded. */
  readonly success?: number
  /** ms until the next attempt in an outage. */
  readonly retry?: number
}

/** A member's wishes and reports. Without any of them: I am here. */
export interface Ask {
  readonly type: 'ask'
  /** Counts the member's asks from 1. */
  readonly n: number
  /** Present if `add` is all that the member wants: the leader forgets the wants of before. */
  readonly full?: true
  readonly add?: readonly Want[]
  readonly remove?: readonly ItemId[]
  /** Ids whose values changed at the member (K4). Such an ask has nothing else in it, because its `ack` may take long. */
  readonly wrote?: readonly ItemId[]
  readonly refresh?: readonly Ticket[]
}

/** Results of sync calls; to everybody. */
export interface Answers {
  readonly type: 'answers'
  /** Counts the leader's answers from 1. */
  readonly seq: number
  readonly states: readonly SharedState[]
  /** Ids that the source deleted. */
  readonly gone: readonly ItemId[]
  /** Present if it changed. */
  readonly status?: SharedStatus
}

/** To one member, after every `answers` up to `seq`. */
export interface Ack {
  readonly type: 'ack'
  /** The ask that is acknowledged: no call from before it still runs for what it `wrote`. */
  readonly n: number
  readonly seq: number
  /** States of the ids that were added. */
  readonly states: readonly SharedState[]
  readonly status?: SharedStatus
}

/** How one id of a ticket came out. `gone`: the source deleted it. */
export interface TicketResult {
  readonly id: ItemId
  readonly error?: SharedError
  readonly gone?: true
}

/** To one member: its ticket has settled. The states were sent before. */
export interface Done {
  readonly type: 'done'
  readonly ticket: number
  readonly results: readonly TicketResult[]
}

/** From a leader: ask in full. */
export interface Lead {
  readonly type: 'lead'
}

/** From a leader's timer, and never in answer to anything: it is alive. */
export interface Beat {
  readonly type: 'beat'
  readonly seq: number
  /** Number of members, the leader included. */
  readonly members: number
}

/** From a member that may have missed something: is a leader there? Never a leader's message. */
export interface Hello {
  readonly type: 'hello'
}

/** A member or a leader goes. */
export interface Bye {
  readonly type: 'bye'
  /** Present if a leader goes because every call of its own fails (K18). */
  readonly isIll?: true
}

export type MemberBody = Ask | Hello | Bye
export type LeaderBody = Answers | Ack | Done | Lead | Beat | Bye
export type Body = MemberBody | LeaderBody
export type Message = Header & Body
