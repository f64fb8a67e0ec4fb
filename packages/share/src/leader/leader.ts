import type { AutoRefresh, ItemId } from '@auto-refresh/core'
import { settled } from '@auto-refresh/core/adapter'
import type { Answers, Ask, Beat, LeaderBody, SharedState, SharedStatus, Want } from '../protocol/message.ts'
import { TicketDesk } from './ticket-desk.ts'
import { WantedIds } from './wants.ts'

/** The part of a membership that its leader uses. */
export interface LeaderPort<Item> {
  /** Polls what the members want. */
  readonly back: AutoRefresh<Item>
  /** Name of the member that the leader is itself, if it is one. Its refreshes are not limited (K8). */
  readonly self?: string | undefined
  /** True if `answers` hold every item, changed or not, because they are stored. */
  readonly isWhole?: boolean | undefined
  /** The view of the source that members are told (K17). */
  status(): SharedStatus
  /** A text that is another one for another item. */
  versionOf(item: Item): string
  /** Makes of an item what can cross. */
  serialize(item: Item): unknown
  /** Sends to one member. */
  send(body: LeaderBody, to: string): void
  /** Tells all members. */
  publish(answers: Answers): void
  /** ms on the leader's own clock (K7). */
  now(): number
  /** The leader's `tick` is to be called at `dueAt`, which has become sooner. */
  wake(): void
}

/** A member, as its leader knows it. */
interface Member {
  /** Number of its last ask. */
  n: number
  heardAt: number
  readonly wants: Set<ItemId>
}

/** Most messages that name a member are few, and most members are honest: more than these are not answered. */
const MAX_MEMBERS = 100_000

/** The leader's side: has the back poll what the members want, and tells them what came of it. */
export class Leader<Item> {
  readonly #port: LeaderPort<Item>
  readonly #lease: number
  readonly #wanted: WantedIds<Item>
  readonly #desk: TicketDesk<Item>
  readonly #members = new Map<string, Member>()
  readonly #dirty = new Set<ItemId>()
  readonly #leave: readonly (() => void)[]
  #isStatusNew = false
  #isQueued = false
  #isClosed = false
  #seq = 0

  constructor(port: LeaderPort<Item>, lease: number) {
    this.#port = port
    this.#lease = lease
    this.#wanted = new WantedIds(port, (id) => this.#changed(id))
    this.#desk = new TicketDesk({
      back: port.back,
      self: port.self,
      isOutage: () => port.status().isOutage,
      send: (body, to) => port.send(body, to),
      now: () => port.now(),
      wake: () => port.wake(),
      hold: (from, id) => {
        this.#wanted.add(from, { id })
        return () => this.#wanted.remove(from, id)
      },
      isRevived: (id) => this.#isRevived(id),
      tell: (ids) => {
        for (const id of ids) this.#dirty.add(id)
        this.#flush()
      },
    })
    this.#leave = [
      port.back.subscribeStatus(() => this.statusChanged()),
      port.back.onEvent((event) => {
        if (event.type !== 'sync-settled') return
        const failed = 'error' in event ? { error: event.error } : undefined
        for (const id of event.ids) this.#wanted.told(id)?.settled(failed, event.ids.length)
      }),
    ]
  }

  get members(): number {
    return this.#members.size
  }

  /** Number of ids that somebody wants. */
  get size(): number {
    return this.#wanted.size
  }

  /** True if somebody wants the id. */
  isWanted(id: ItemId): boolean {
    return this.#wanted.told(id) !== undefined
  }

  /** Names of the members that want an id. */
  membersOf(id: ItemId): Iterable<string> {
    return this.#wanted.membersOf(id)
  }

  /** Takes an ask of a member. */
  receive(from: string, ask: Ask): void {
    const member = this.#members.get(from) ?? this.#admit(from)
    if (member === undefined || ask.n <= member.n) return
    if (ask.full !== true && ask.n !== member.n + 1) this.#port.send({ type: 'lead' }, from)
    member.n = ask.n
    member.heardAt = this.#port.now()
    const { add = [], remove = [], wrote = [], refresh = [] } = ask
    if (ask.full === true) {
      const kept = new Set(add.map(({ id }) => id))
      for (const id of [...member.wants]) if (!kept.has(id)) this.#remove(member, from, id)
    }
    const known = new Map(add.map((want) => [want.id, want.version]))
    for (const want of add) this.#add(member, from, want)
    for (const id of remove) this.#remove(member, from, id)
    for (const ticket of refresh) this.#desk.take(from, ticket)
    if (wrote.length === 0) this.#acknowledge(from, ask.n, known)
    else void this.#acknowledgeWrites(from, ask.n, wrote)
  }

  /** A member is gone. */
  leave(from: string): void {
    const member = this.#members.get(from)
    if (member === undefined) return
    this.#members.delete(from)
    for (const id of member.wants) this.#wanted.remove(from, id)
    this.#desk.forget(from)
  }

  /** The view of the source may be another one. */
  statusChanged(): void {
    this.#isStatusNew = true
    this.#queue()
  }

  beat(): Beat {
    return { type: 'beat', seq: this.#seq, members: this.#members.size }
  }

  /** When `tick` is due for refreshes that were put off; Infinity if never. */
  get dueAt(): number {
    return this.#desk.dueAt
  }

  /** Starts the refreshes that were put off, and forgets members that were silent for the lease (K6). */
  tick(): void {
    const now = this.#port.now()
    this.#desk.tick(now)
    for (const [name, { heardAt }] of [...this.#members]) {
      if (name !== this.#port.self && now - heardAt > this.#lease) this.leave(name)
    }
  }

  /** Unsubscribes from everything. Nothing is sent any more. */
  close(): void {
    this.#isClosed = true
    for (const leave of this.#leave) leave()
    this.#wanted.clear()
    this.#members.clear()
    this.#desk.close()
  }

  #admit(from: string): Member | undefined {
    if (this.#members.size >= MAX_MEMBERS) return undefined
    const member = { n: 0, heardAt: 0, wants: new Set<ItemId>() }
    this.#members.set(from, member)
    return member
  }

  #add(member: Member, from: string, want: Want): void {
    try {
      if (member.wants.has(want.id)) this.#wanted.hasten(want)
      else this.#wanted.add(from, want)
      member.wants.add(want.id)
    } catch {
      // A policy of the back refuses it: the member hears nothing of the id, and asks the source once it is alone.
    }
  }

  #remove(member: Member, from: string, id: ItemId): void {
    member.wants.delete(id)
    this.#wanted.remove(from, id)
  }

  #acknowledge(from: string, n: number, known: ReadonlyMap<ItemId, string | undefined>): void {
    this.#flush()
    const states = [...known].flatMap(([id, version]) => this.#wanted.told(id)?.state(version, false) ?? [])
    this.#port.send({ type: 'ack', n, seq: this.#seq, states, status: this.#port.status() }, from)
  }

  /** No call from before this may run for these ids when it is acknowledged (K4). */
  async #acknowledgeWrites(from: string, n: number, ids: readonly ItemId[]): Promise<void> {
    const { back } = this.#port
    await Promise.all(ids.map((id) => settled(back, id)))
    if (this.#isClosed) return
    for (const id of ids) if (this.#isRevived(id)) this.#desk.revive(from, id)
    for (const id of ids) this.#changed(id)
    this.#acknowledge(from, n, new Map())
  }

  /** True if somebody wants what is terminal or expired at the back: it was revived there, or a fence keeps that out (K4, K15). */
  #isRevived(id: ItemId): boolean {
    return this.isWanted(id) && ['terminal', 'expired'].includes(this.#port.back.getSnapshot(id).status)
  }

  #changed(id: ItemId): void {
    this.#dirty.add(id)
    this.#queue()
  }

  #queue(): void {
    if (this.#isQueued) return
    this.#isQueued = true
    void Promise.resolve().then(() => {
      this.#isQueued = false
      this.#flush()
    })
  }

  /** Tells what is new. */
  #flush(): void {
    if (this.#isClosed) return
    const gone: ItemId[] = []
    const states: SharedState[] = []
    for (const id of this.#dirty) {
      const told = this.#wanted.told(id)
      const reopens = this.#desk.isAsking(id)
      if (told === undefined) continue
      if (!this.#port.back.has(id)) gone.push(id)
      else if (told.isNews) {
        const isNew = told.tell(this.#seq + 1)
        const isWhole = isNew || this.#port.isWhole === true
        const state = told.state(isWhole ? undefined : told.version, reopens)
        if (state !== undefined) states.push(state)
      }
    }
    this.#dirty.clear()
    for (const id of gone) this.#forget(id)
    if (states.length === 0 && gone.length === 0 && !this.#isStatusNew) return
    this.#seq += 1
    const status = this.#isStatusNew ? { status: this.#port.status() } : {}
    this.#isStatusNew = false
    this.#port.publish({ type: 'answers', seq: this.#seq, states, gone, ...status })
  }

  #forget(id: ItemId): void {
    for (const name of this.#wanted.membersOf(id)) this.#members.get(name)?.wants.delete(id)
    this.#wanted.forget(id)
  }
}
