import { Leader } from '../leader/leader.ts'
import { uncrossed } from '../protocol/errors.ts'
import {
  type Answers,
  type Ask,
  type Body,
  type LeaderBody,
  type Message,
  PROTOCOL,
  type SharedState,
} from '../protocol/message.ts'
import { type DropReason, readMessage } from '../protocol/read.ts'
import { AwakeTimer } from './awake-timer.ts'
import type { MembershipPort } from './membership-port.ts'
import { randomName } from './random-name.ts'
import { Roles } from './roles.ts'
import type { Traffic } from './traffic.ts'
import type { Connection, GroupKey, StoredStates, Transport } from './transport.ts'

/** This member's part in one group, from joining to leaving: sends and receives, and has the roles decide. */
export class Membership<Item> {
  readonly #port: MembershipPort<Item>
  readonly #key: GroupKey
  readonly #timer: AwakeTimer
  readonly #connection: Connection
  readonly #traffic: Traffic
  readonly #stored: StoredStates | undefined
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
    /** News of a connection that is not there yet waits until it is. */
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
        vouched: (leader, epoch) => soon((each) => each.#stored?.vouched(leader, epoch)),
        stored: (states) => soon((each) => each.#stored?.take(states)),
        has: (id) => port.has(id),
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
    { timing, stored }: Transport,
    key: GroupKey,
    traffic: Traffic,
    connection: Connection,
  ) {
    this.#port = port
    this.#key = key
    this.#traffic = traffic
    this.#connection = connection
    this.name = connection.name ?? randomName()
    this.#stored = stored?.({
      connection,
      link: port.link,
      wants: port.wants,
      isCurrent: () => !this.#isClosed && port.isCurrent(),
      roles: () => this.roles,
      leader: () => this.#leader,
      seedBack: (states) => port.lead.seed(states),
    })
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
        port.lead.wake()
      },
      beat: () => this.#beat(),
      leaderDueAt: () => this.#leader?.dueAt ?? Infinity,
      isIll: () => (this.#leader?.members ?? 1) > 1 && port.lead.isIll,
      changed: () => port.roleChanged(),
    })
  }

  /** What this leader tells of the source may be another one. */
  statusChanged(): void {
    this.#leader?.statusChanged()
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
    if (this.#leader === undefined) {
      this.#send(ask, this.roles.leader)
      this.#stored?.readWants((ask.add ?? []).map(({ id }) => id))
    } else this.#lookUp(this.name, ask)
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
      this.#lookUp(from, message)
    } else if (type === 'bye') {
      this.#leader?.leave(from)
      this.roles.leaderLeft(from, message.isIll === true)
    } else if (this.roles.heard(from, message.epoch, type)) {
      this.#told(message)
    } else {
      this.#drop('epoch')
    }
  }

  /** Messages of the leader, maybe this member itself. */
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

  #lookUp(from: string, ask: Ask): void {
    if (this.#stored) this.#stored.lookUp(from, ask)
    else this.#leader?.receive(from, ask)
  }

  #lead(isProbing: boolean, lease: number): void {
    this.#leader = new Leader(
      {
        back: this.#port.lead.start(isProbing),
        self: this.name,
        status: () => this.#port.lead.status,
        isWhole: this.#connection.isStoring,
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
    // Before its wants end, because what failed keeps its place.
    this.#port.lead.stop()
    this.#leader?.close()
    this.#leader = undefined
  }

  #beat(): void {
    if (this.#leader === undefined) return
    this.#send(this.#leader.beat())
    this.#port.link.longIds.refreshDue()
  }

  #send(body: Body, to?: string): void {
    // The old group's leader is told that this member goes, although the group is another one by now (K6).
    if (body.type === 'bye' ? this.#isClosed : !this.#isCurrent) return
    this.#traffic.sent += 1
    if (this.#post(body, to) !== undefined && 'states' in body) {
      // An item that cannot cross fails at the others (K12).
      const states = body.states.map((state) => {
        const failed = this.#tryState(state)
        return failed === undefined ? state : uncrossed(state, failed.error)
      })
      this.#post({ ...body, states }, to)
    }
  }

  /** Returns why it could not be sent; undefined if it was. */
  #post(body: Body, to?: string): { readonly error: unknown } | undefined {
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
      return undefined
    } catch (error) {
      return { error }
    }
  }

  /** Tries to send a state to nobody. Returns why it cannot be sent. */
  #tryState(state: SharedState): { readonly error: unknown } | undefined {
    const alone: Answers = { type: 'answers', seq: 0, states: [state], gone: [] }
    return this.#post(alone, this.name)
  }

  #drop(reason: DropReason): void {
    this.#traffic.dropped[reason] += 1
  }
}
