import type { AutoRefresh, Clock, ItemId } from '@auto-refresh/core'
import { Leader } from '../leader/leader.ts'
import { statusOf } from '../leader/status-of.ts'
import type { Answers, Ask, LeaderBody } from '../protocol/message.ts'
import { Client } from './client.ts'
import { EncodedItems } from './encoded-items.ts'
import type { Gate } from './gate.ts'
import type { Posted } from './incoming.ts'
import { NewestStates } from './newest-states.ts'
import type { Principal } from './options.ts'
import { Outbox } from './outbox.ts'
import { Readers } from './readers.ts'
import { BEAT, Session } from './session.ts'
import { StatusDesk } from './status-desk.ts'
import { TextBytes } from './text-bytes.ts'

/** Name of the member that wants what is asked for by status. No session has it. */
const STATUS = 'status'
/** Name of the member that wants what the clients want. */
const CLIENTS = 'clients'
/** ms between two times at which the leader forgets what is over. */
const TIDYING = 10_000

/** The part of a hub that its sessions use. */
export interface SessionsPort<Item, P extends Principal> {
  readonly cache: AutoRefresh<Item>
  readonly clock: Clock
  readonly gate: Gate<P>
  /** Most ids of a client. */
  readonly maxIds: number
  random(): number
  serialize(item: Item): unknown
}

/** The rights of a request. */
export interface Rights<P> {
  readonly principal: P
  /** Of the ids that it names, those that may be read. */
  readonly readable: ReadonlySet<ItemId>
}

/** All streams of a hub, the leader that serves them, and their one timer. */
export class Sessions<Item, P extends Principal> {
  /** Another one for each hub, because each counts its answers anew. */
  readonly #name = crypto.randomUUID()
  readonly #port: SessionsPort<Item, P>
  readonly #leader: Leader<Item>
  readonly #states: NewestStates<Item>
  readonly status: StatusDesk<Item>
  readonly #readers: Readers<Client>
  readonly #owners = new Map<Client, Session<P>>()
  readonly #sessions = new Map<string, Session<P>>()
  /** Open sessions, the one whose beat is due first at the front. */
  readonly #beats = new Set<Session<P>>()
  readonly #toWrite = new Set<Session<P>>()
  readonly #bytes = new TextBytes()
  #timer: unknown
  #timerAt = Infinity
  #tidyAt = 0
  #isClosed = false

  constructor(port: SessionsPort<Item, P>) {
    const { cache, clock } = port
    this.#port = port
    const items = new EncodedItems<Item>((item) => port.serialize(item))
    this.#states = new NewestStates(items, cache)
    this.#leader = new Leader<Item>(
      {
        back: cache,
        status: () => statusOf(cache),
        versionOf: (item) => items.get(item).version,
        serialize: (item) => item,
        send: (body, to) => this.#send(body, to),
        publish: (answers) => this.#publish(answers),
        now: () => clock.now(),
        wake: () => this.arm(),
      },
      // The stream is the sign of life (H9).
      Infinity,
    )
    let n = 0
    this.#readers = new Readers({
      changed: (add, remove) => {
        n += 1
        this.#leader.receive(CLIENTS, { type: 'ask', n, add, remove })
      },
    })
    this.status = new StatusDesk({
      back: cache,
      items,
      clock,
      tell: (ask) => this.#leader.receive(STATUS, ask),
    })
  }

  get size(): number {
    return this.#sessions.size
  }

  /** Number of ids that somebody wants. */
  get ids(): number {
    return this.#leader.size
  }

  has(key: string): boolean {
    return this.#sessions.has(key)
  }

  /** Takes the asks of a client. False if it has no stream. */
  change(key: string, posted: Posted, readable: ReadonlySet<ItemId>): boolean {
    const session = this.#sessions.get(key)
    if (session !== undefined) this.#receive(session, posted, readable)
    return session !== undefined
  }

  /** Opens the stream of a client, in place of an older one. */
  open(
    key: string,
    request: Request,
    posted: Posted,
    { principal, readable }: Rights<P>,
  ): ReadableStream<Uint8Array> {
    const session = this.#sessions.get(key) ?? this.#admit(key, principal, request)
    const body = session.open(principal, request)
    this.#beats.delete(session)
    session.beatAt = this.#port.clock.now() + BEAT
    this.#beats.add(session)
    this.#receive(session, posted, readable)
    this.arm()
    return body
  }

  /** Looks at the rights of all clients anew whose principal matches. */
  async renew(match: (principal: P) => boolean): Promise<void> {
    const sessions = [...this.#sessions.values()].filter(({ principal }) => match(principal))
    await Promise.all(sessions.map((session) => session.renew()))
  }

  /** Ends all streams. @param last returns what goes out before, for each */
  close(last: () => string): void {
    this.#isClosed = true
    for (const session of [...this.#sessions.values()]) session.end(last())
    this.#leader.close()
    this.#port.clock.clearTimeout(this.#timer)
  }

  #receive(session: Session<P>, { asks }: Posted, readable: ReadonlySet<ItemId>): void {
    for (const ask of asks) session.client.receive(ask, readable)
    this.#wake(session)
  }

  #admit(key: string, principal: P, request: Request): Session<P> {
    const outbox = new Outbox({
      text: (id, known) => this.#states.text(id, known, this.#port.clock.now()),
      version: (id) => this.#states.version(id),
      status: () => statusOf(this.#port.cache),
      beat: () => ({ ...this.#leader.beat(), members: this.#sessions.size + 1 }),
    })
    const client = new Client({
      tell: (ask: Ask) => this.#leader.receive(key, ask),
      outbox,
      readers: this.#readers,
      seq: () => this.#leader.beat().seq,
      maxIds: this.#port.maxIds,
    })
    const session = new Session<P>(
      {
        key,
        hub: this.#name,
        client,
        outbox,
        gate: this.#port.gate,
        now: () => this.#port.clock.now(),
        random: () => this.#port.random(),
        encode: (text) => this.#bytes.encode(text),
        wake: () => this.#wake(session),
        ended: () => this.#ended(session),
      },
      principal,
      request,
    )
    this.#sessions.set(key, session)
    this.#owners.set(client, session)
    return session
  }

  #ended(session: Session<P>): void {
    if (this.#sessions.get(session.key) === session) this.#sessions.delete(session.key)
    this.#owners.delete(session.client)
    this.#beats.delete(session)
    this.#toWrite.delete(session)
    session.client.close()
    this.#leader.leave(session.key)
    this.arm()
  }

  /** To one client. */
  #send(body: LeaderBody, to: string): void {
    if (to === STATUS) {
      this.status.told(body)
      return
    }
    if (to === CLIENTS) {
      if (body.type === 'ack') for (const state of body.states) this.#note(state)
      return
    }
    const session = this.#sessions.get(to)
    if (session === undefined) return
    session.client.told(body)
    this.#wake(session)
  }

  /** To all clients that want it. */
  #publish({ states, gone, status }: Answers): void {
    for (const state of states) {
      if (!this.#readers.has(state.id)) continue
      this.#note(state)
      for (const client of this.#readers.of(state.id)) {
        client.outbox.state(state.id)
        this.#wakeOwner(client)
      }
    }
    for (const id of gone) {
      this.#states.forget(id)
      for (const client of this.#readers.forget(id)) {
        client.gone(id)
        this.#wakeOwner(client)
      }
    }
    if (status === undefined) return
    for (const session of this.#sessions.values()) {
      session.outbox.status()
      this.#wake(session)
    }
  }

  #note(state: Answers['states'][number]): void {
    this.#states.note(state, this.#port.clock.now())
  }

  #wakeOwner(client: Client): void {
    const session = this.#owners.get(client)
    if (session !== undefined) this.#wake(session)
  }

  /** Writes at the end of this turn. */
  #wake(session: Session<P>): void {
    const isFirst = this.#toWrite.size === 0
    this.#toWrite.add(session)
    if (!isFirst) return
    void Promise.resolve().then(() => {
      const sessions = [...this.#toWrite]
      this.#toWrite.clear()
      for (const each of sessions) each.write()
    })
  }

  /** Sets the timer to what is due first. */
  arm(): void {
    const [first] = this.#beats
    const due = Math.min(first?.beatAt ?? Infinity, this.#leader.dueAt, this.status.dueAt)
    if (due === this.#timerAt) return
    this.#port.clock.clearTimeout(this.#timer)
    this.#timerAt = this.#isClosed ? Infinity : due
    if (this.#timerAt === Infinity) return
    this.#timer = this.#port.clock.setTimeout(() => this.#tick(), Math.max(0, due - this.#port.clock.now()))
  }

  #tick(): void {
    const now = this.#port.clock.now()
    this.#timerAt = Infinity
    if (this.#leader.dueAt <= now || this.#tidyAt <= now) {
      this.#leader.tick()
      this.#states.keep((id) => this.#readers.has(id))
      this.#tidyAt = now + TIDYING
    }
    this.status.tick(now)
    for (const session of this.#beats) {
      if (session.beatAt > now) break
      this.#beats.delete(session)
      session.beatAt = now + BEAT
      this.#beats.add(session)
      session.beat()
    }
    this.arm()
  }
}
