import type { AutoRefresh, Clock } from '@auto-refresh/core'
import { Leader } from '../leader/leader.ts'
import type { Link } from '../member/link.ts'
import { uncrossed } from '../protocol/errors.ts'
import {
  type Answers,
  type Ask,
  type Body,
  type LeaderBody,
  type Message,
  PROTOCOL,
  type SharedState,
  type SharedStatus,
} from '../protocol/message.ts'
import { type DropReason, readMessage } from '../protocol/read.ts'
import { AwakeTimer } from './awake-timer.ts'
import { Roles } from './roles.ts'
import type { Connection, GroupKey, Transport } from './transport.ts'

/** What a membership needs of its cache. */
export interface MembershipPort<Item> {
  readonly clock: Clock
  readonly keepAlive: boolean
  readonly link: Link<Item>
  /** True if the group is still the one that was joined (K9). If not, this membership is closed by that. */
  isCurrent(): boolean
  versionOf(item: Item): string
  serialize(item: Item): unknown
  /** Starts to poll for the group. @param isProbing begins with one call (K18) */
  startBack(isProbing: boolean): AutoRefresh<Item>
  stopBack(): void
  /** The leader's timer fired, and it may ask again if it could not. */
  wakeBack(): void
  /** True if no call of the back succeeds. */
  isIll(): boolean
  statusTold(status: SharedStatus): void
  roleChanged(): void
}

/** Messages and what became of them, for `stats` (K11). */
export interface Traffic {
  received: number
  sent: number
  readonly dropped: Record<DropReason, number>
}

/** This member's part in one group, from joining to leaving: sends and receives, and has the roles decide. */
export class Membership<Item> {
  readonly #port: MembershipPort<Item>
  readonly #key: GroupKey
  readonly #timer: AwakeTimer
  readonly #connection: Connection
  readonly #traffic: Traffic
  readonly roles: Roles
  readonly name: string
  #leader: Leader<Item> | undefined
  #members = 1
  #isClosed = false

  /** @returns undefined if there can be no connection here */
  static join<Item>(
    port: MembershipPort<Item>,
    transport: Transport,
    key: GroupKey,
    traffic: Traffic,
  ): Membership<Item> | undefined {
    let membership: Membership<Item> | undefined
    const early: (() => void)[] = []
    /** What a connection tells before it is there waits until it is. */
    const soon = (tell: (membership: Membership<Item>) => void): void => {
      if (membership === undefined) early.push(() => membership !== undefined && tell(membership))
      else tell(membership)
    }
    try {
      const connection = transport.connect(key, {
        received: (message) => soon((each) => each.#received(message)),
        unreadable: () => soon((each) => each.#drop('malformed')),
        granted: (epoch) => soon((each) => each.#granted(epoch)),
        lost: () => soon((each) => each.#isClosed || each.roles.lost()),
        reconnected: () => soon((each) => each.#isClosed || port.link.askInFull()),
      })
      if (connection === undefined) return undefined
      membership = new Membership(port, transport, key, traffic, connection)
    } catch {
      return undefined
    }
    for (const tell of early) tell()
    return membership
  }

  private constructor(
    port: MembershipPort<Item>,
    { timing }: Transport,
    key: GroupKey,
    traffic: Traffic,
    connection: Connection,
  ) {
    this.#port = port
    this.#key = key
    this.#traffic = traffic
    this.#connection = connection
    this.name = connection.name ?? randomName()
    this.#timer = new AwakeTimer(
      port.clock,
      port.keepAlive,
      () => this.roles.tick(),
      () => this.roles.missed(),
    )
    this.roles = new Roles({
      self: this.name,
      timing,
      connection,
      timer: this.#timer,
      epoch: () => port.clock.epoch(),
      send: (body, to) => this.#send(body, to),
      openLink: () => port.link.open(),
      closeLink: () => port.link.close(),
      distrust: () => port.link.distrust(),
      pulse: () => port.link.pulse(timing.beat),
      leaderMissed: () => port.link.missed(),
      linkSilence: () => port.link.silence,
      lead: (isProbing) => this.#lead(isProbing, timing.lease),
      unlead: () => this.#unlead(),
      tickLeader: () => {
        this.#leader?.tick()
        port.wakeBack()
      },
      beat: () => this.#beat(),
      leaderDueAt: () => this.#leader?.dueAt ?? Infinity,
      isIll: () => (this.#leader?.members ?? 1) > 1 && port.isIll(),
      changed: () => port.roleChanged(),
    })
  }

  get members(): number {
    return this.#leader?.members ?? this.#members
  }

  /** ms on this member's own clock. */
  now(): number {
    return this.#timer.now()
  }

  start(): void {
    this.roles.start()
  }

  /** Sends an ask to whoever leads: maybe this member itself. */
  ask(ask: Ask): void {
    if (this.#leader === undefined) this.#send(ask, this.roles.leader)
    else this.#leader.receive(this.name, ask)
  }

  /** Leaves the group. Nothing is left of it. */
  close(): void {
    if (this.#isClosed) return
    this.roles.leave()
    this.#isClosed = true
    this.#timer.clear()
    this.#connection.resign()
    this.#connection.close()
  }

  /** True if this member is still in the group. Looks whether it is. */
  get #isCurrent(): boolean {
    return !this.#isClosed && this.#port.isCurrent()
  }

  #granted(epoch: number | undefined): void {
    if (this.#isClosed) this.#connection.resign()
    else this.roles.granted(epoch)
  }

  #received(data: unknown): void {
    if (!this.#isCurrent) return
    this.#traffic.received += 1
    const message = readMessage(data, this.#key)
    if (typeof message === 'string') {
      this.#drop(message)
      if (message === 'version') this.roles.isOtherVersionHeard = true
    } else if (message.from !== this.name && (message.to === undefined || message.to === this.name)) {
      this.#dispatch(message)
    }
  }

  #dispatch(message: Message): void {
    const { from, type } = message
    if (type === 'hello' || type === 'ask') this.roles.memberKnows(message.epoch)
    if (type === 'hello') {
      if (this.#leader !== undefined) this.#send({ type: 'lead' }, from)
    } else if (type === 'ask') {
      this.#leader?.receive(from, message)
    } else if (type === 'bye') {
      this.#leader?.leave(from)
      this.roles.leaderLeft(from, message.isIll === true)
    } else if (this.roles.heard(from, message.epoch, type)) {
      this.#told(message)
    } else {
      this.#drop('epoch')
    }
  }

  /** What the leader says, maybe this member itself. */
  #told(body: LeaderBody): void {
    // Sending it may have shown that the group is another one by now, and so may whoever is told below (K9).
    if (!this.#isCurrent) return
    const { link } = this.#port
    if (body.type === 'beat') {
      this.#members = body.members
      link.beat(body.seq)
    } else if (body.type === 'answers') {
      link.answers(body)
    } else if (body.type === 'done') {
      link.done(body)
    } else if (body.type === 'ack') {
      link.ack(body)
      this.roles.acknowledged()
    }
    if ('status' in body && body.status !== undefined && this.#isCurrent) this.#port.statusTold(body.status)
  }

  #lead(isProbing: boolean, lease: number): void {
    const back = this.#port.startBack(isProbing)
    this.#leader = new Leader(
      {
        back,
        self: this.name,
        versionOf: (item) => this.#port.versionOf(item),
        serialize: (item) => this.#port.serialize(item),
        send: (body, to) => {
          if (to === this.name) this.#told(body)
          else this.#send(body, to)
        },
        publish: (answers) => {
          this.#send(answers)
          this.#told(answers)
        },
        now: () => this.#timer.now(),
        wake: () => this.roles.wake(),
      },
      lease,
    )
  }

  #unlead(): void {
    this.#leader?.close()
    this.#leader = undefined
    this.#port.stopBack()
  }

  #beat(): void {
    if (this.#leader === undefined) return
    this.#send(this.#leader.beat())
    this.#port.link.refreshLongIds()
  }

  #send(body: Body, to?: string): void {
    // The old group's leader is told that this member goes, although the group is another one by now (K6).
    if (body.type === 'bye' ? this.#isClosed : !this.#isCurrent) return
    this.#traffic.sent += 1
    if (!this.#post(body, to) && 'states' in body) {
      // What cannot cross fails at the others (K12).
      const states = body.states.map((state) => (this.#canCross(state) ? state : uncrossed(state)))
      this.#post({ ...body, states }, to)
    }
  }

  /** True if it could be sent. */
  #post(body: Body, to?: string): boolean {
    try {
      const { epoch } = this.roles
      const header = {
        v: PROTOCOL,
        ...this.#key,
        epoch,
        from: this.name,
        ...(to !== undefined && { to }),
      } as const
      this.#connection.send({ ...header, ...body })
      return true
    } catch {
      return false
    }
  }

  /** Tries to send a state to nobody. */
  #canCross(state: SharedState): boolean {
    const alone: Answers = { type: 'answers', seq: 0, states: [state], gone: [] }
    return this.#post(alone, this.name)
  }

  #drop(reason: DropReason): void {
    this.#traffic.dropped[reason] += 1
  }
}

function randomName(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-')
}
