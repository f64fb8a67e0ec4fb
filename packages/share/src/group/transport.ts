import type { ItemId, Policy } from '@auto-refresh/core'
import type { AloneReason } from './alone-reason.ts'
import type { Ask, Message, SharedState } from '../protocol/message.ts'

/** Identity of a group: who may see its items, and how they look. */
export interface GroupKey {
  /** Names the user or tenant (K9). */
  readonly group: string
  /** Names the shape of the items. */
  readonly shape: string
}

/** Times of a transport, ms. */
export interface Timing {
  /** Between two beats of a leader, and between two signs of life of a member. */
  readonly beat: number
  /** Silence after which a leader, or a member, counts as gone (K6, K7). */
  readonly lease: number
  /** How long a new member, or one that missed time, waits for a leader before it asks the source itself. */
  readonly grace: number
  /** True: what is overdue when a member falls alone is spread over an interval, because many fall alone at once (K7). */
  readonly spread?: boolean
}

/** A state that was read from a store (V4). Its age and `next` are as of the reading. */
export interface StoredState extends SharedState {
  /** Term of the leader that stored it. Its `seq` counts only within that term. */
  readonly epoch: number
}

/** The part that a transport with a store adds to a group (V4, V5). It is the transport's, so that others carry none of it. */
export interface StoredStates {
  /** The leader takes an ask, once it has what is stored of new ids: before it asks the source. */
  lookUp(from: string, ask: Ask): void
  /** A follower reads what is stored of ids. */
  readWants(ids: readonly ItemId[]): void
  /** A follower takes what was read. */
  take(states: readonly StoredState[]): void
  /** The store vouches for a leader that this member cannot hear. */
  vouched(leader: string, epoch: number): void
}

/** The part of the group that it uses. */
export interface StoredStatesPort {
  readonly connection: Connection
  readonly wants: ReadonlySet<ItemId>
  readonly link: {
    stored(states: readonly SharedState[]): void
    excuse(): void
  }
  /** True if this member is still in the group that it read for. */
  isCurrent(): boolean
  roles(): {
    readonly epoch: number
    readonly leader: string | undefined
    heard(leader: string, epoch: number, type: 'beat'): boolean
    acknowledged(): void
  }
  leader(): { isWanted(id: ItemId): boolean; receive(from: string, ask: Ask): void } | undefined
  /** The back takes states that are newer than its own. */
  seedBack(states: readonly SharedState[]): void
}

/** News of a connection for its group. Each may be called at any time until `close`, also within `connect`. */
export interface ConnectionEvents {
  /** A message arrived. It may be anything: the group checks it (K8). */
  received(message: unknown): void
  /** A message arrived that could not even be decoded. */
  unreadable(): void
  /**
   * This member leads now.
   *
   * @param epoch number of the term, if the transport has one (a fence); otherwise the group takes the next
   */
  granted(epoch?: number): void
  /** This member does not lead any more, whatever it thinks: its lock was stolen, or its lease has run out. */
  lost(): void
  /** Messages may be lost: the group asks anew for everything. */
  reconnected(): void
  /** The store shows that this leader lives, but this member cannot hear it (V4). It reads what it wants. */
  vouched(leader: string, epoch: number): void
  /** States were read from a store, unasked. */
  stored(states: readonly StoredState[]): void
  /** True if the member has this id. */
  has(id: ItemId): boolean
}

/** A member's connection to its group. No method throws, but `send`. */
export interface Connection {
  /** Names this member in the group; left out: a random name is drawn. */
  readonly name?: string
  /** True if what the leader sends is stored, so that `answers` have to hold every item, changed or not. */
  readonly isStoring?: true
  /** Why there is no leader that could be heard, if the connection knows better than the group (K11). */
  readonly why?: AloneReason | undefined
  /**
   * Sends to `message.to`, or to everybody else in the group; never back to the sender.
   *
   * @throws if the message cannot cross (structured clone, `JSON.stringify`)
   */
  send(message: Message): void
  /** Asks for the lead, and keeps asking until `resign`. Once it has it, `granted` is called. Twice is once. */
  stand(): void
  /** Gives up the lead, or the wish for it. Twice is once. */
  resign(): void
  /** False if this member may not lead at this moment, although `lost` was not called yet. Asked before each call. */
  mayLead?(): boolean
  /** Reads stored states of ids, before the source is asked (V5). Ids that are not stored are left out. Never rejects. */
  read?(ids: readonly ItemId[]): Promise<readonly StoredState[]>
  /** The leader has been silent for that many ms of this member's own time. May be called at each beat. */
  leaderSilent?(silence: number): void
  /** Closes everything: no timer, channel, lock or connection is left. Resigns first. */
  close(): void
}

/** A way for members to talk, and to choose a leader. */
export interface Transport {
  readonly timing: Timing
  /**
   * True: messages arrive in order, and none is lost until `reconnected`. So their numbers may have gaps, because a member is
   * told only what it wants; and the connection itself says that the member is still there, so it sends no empty asks.
   */
  readonly isStream?: boolean
  /** Makes of a policy one that allows this member its part of the calls, because all are alone at the same time (V6). */
  readonly divide?: <Item>(policy: Policy<Item>) => Policy<Item>
  /** Left out: there is no store. */
  readonly stored?: (port: StoredStatesPort) => StoredStates
  /** Opens a connection; undefined if there can be none here, and the member stays alone. A throw counts as undefined. */
  connect(key: GroupKey, events: ConnectionEvents): Connection | undefined
}
