import type { Message } from '../protocol/message.ts'

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

/** What a group is told by its connection. Each may be called at any time until `close`, also within `connect`. */
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
}

/** A member's connection to its group. No method throws, but `send`. */
export interface Connection {
  /** Names this member in the group; left out: a random name is drawn. */
  readonly name?: string
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
  /** Opens a connection; undefined if there can be none here, and the member stays alone. A throw counts as undefined. */
  connect(key: GroupKey, events: ConnectionEvents): Connection | undefined
}
