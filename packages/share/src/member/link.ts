import type { ItemId } from '@auto-refresh/core'
import type { AdoptedState, ItemState } from '@auto-refresh/core/adapter'
import { receiveError } from '../protocol/errors.ts'
import { MAX_IDS } from '../protocol/limits.ts'
import type { Ack, Answers, Ask, Done, SharedState, Want } from '../protocol/message.ts'
import { Fences } from './fences.ts'
import { StateReader } from './state-reader.ts'
import { type Outcome, Tickets } from './tickets.ts'

/** What a link needs of its member. */
export interface LinkPort<Item> {
  /** Ids that the member wants. */
  readonly wants: ReadonlySet<ItemId>
  stateOf(id: ItemId): ItemState<Item> | undefined
  adopt(states: readonly AdoptedState<Item>[]): void
  /** The source deleted them. */
  remove(ids: readonly ItemId[]): void
  parse(item: unknown): Item
  /** Sends to whoever leads. */
  send(ask: Ask): void
  /** ms on the member's own clock (K7). */
  now(): number
  /** True if nothing is lost, as `Transport` says. */
  readonly isStream: boolean
}

/** A member's side: tells the leader what this member wants and changed, and hands what the leader says to the front. */
export class Link<Item> {
  readonly #port: LinkPort<Item>
  readonly #fences = new Fences()
  readonly tickets: Tickets = new Tickets()
  readonly #reader: StateReader<Item>
  readonly #changed = new Set<ItemId>()
  /** Asks without an `ack`, by number, and when the first of them was sent. Those that tell of writes may take long. */
  readonly #unacked = new Map<number, number>()
  #isOpen = false
  #isFull = false
  #isQueued = false
  #n = 0
  #sentAt = 0
  /** `seq` of the leader's last message; undefined before its first `ack`. */
  #seq: number | undefined
  /** What is said before the `ack` of this ask has waited somewhere, so that its dates are wrong (K19). */
  #trustedFrom = 0
  /** Who waits until no call from before runs for an id. */
  readonly #waiting = new Map<ItemId, (() => void)[]>()
  gaps = 0

  constructor(port: LinkPort<Item>) {
    this.#port = port
    this.#reader = new StateReader((data) => port.parse(data), this.#fences)
  }

  /** The member wants an id, or does not any more. */
  wantChanged(id: ItemId): void {
    this.#changed.add(id)
    this.#queue()
  }

  /** The value of an id was changed here (K4). */
  wrote(id: ItemId): void {
    this.#fences.raise(id, this.#port.wants)
    this.#queue()
  }

  /** Resolves when no call of the leader from before now runs for the id, or when there is no leader any more (E3). */
  settled(id: ItemId): Promise<void> {
    if (!this.#isOpen) return Promise.resolve()
    this.wrote(id)
    return new Promise((resolve) => {
      this.#waiting.set(id, [...(this.#waiting.get(id) ?? []), resolve])
    })
  }

  /** The id is not in the front any more. */
  forget(id: ItemId): void {
    this.#reader.forget(id)
  }

  /** Asks for a refresh, of whoever leads, until it is done (K5). */
  refresh(ids: readonly ItemId[]): Promise<ReadonlyMap<ItemId, Outcome>> {
    const outcomes = this.tickets.open(ids)
    this.#queue()
    return outcomes
  }

  /** There is a way to a leader: another one than before. */
  open(): void {
    this.#isOpen = true
    this.#seq = undefined
    this.#unacked.clear()
    this.#reader.newLeader()
    this.#fences.forgetTold(true)
    this.askInFull()
  }

  close(): void {
    this.#isOpen = false
    this.#unacked.clear()
    this.releaseAll()
  }

  /** Forgets everything but the open tickets: the group is another one. */
  clear(): void {
    this.#reader.clear()
    this.#fences.clear()
    this.#changed.clear()
  }

  /** Something may be lost: tells and asks for everything. */
  askInFull(): void {
    this.#isFull = true
    this.#fences.forgetTold(false)
    this.tickets.forgetSent()
    this.#queue()
  }

  /** What comes may have waited: nothing is taken until the leader has answered an ask that is sent now (K19). */
  distrust(): void {
    this.#trustedFrom = this.#n + 1
    this.askInFull()
  }

  /** ms since the first ask that should be acknowledged by now. */
  get silence(): number {
    const [first] = this.#unacked.values()
    return first === undefined ? 0 : this.#port.now() - first
  }

  /** A beat has passed: asks anew what was not acknowledged, or says that the member is still there. */
  pulse(beat: number): void {
    if (this.silence >= beat) this.askInFull()
    if (this.#isFull || this.#port.isStream || this.#port.now() - this.#sentAt < beat / 2) return
    this.#send({})
    this.#tell(this.#fences.unacknowledged())
    // The `done` of a ticket has no number: if it was lost, only asking again brings it.
    this.tickets.forgetSent()
    this.#ask()
  }

  answers({ seq, states, gone }: Answers): void {
    // Before the first `ack` there is nothing that this could be the next of, and the `ack` tells everything.
    if (this.#seq === undefined || (seq <= this.#seq && !this.#port.isStream)) return
    if (seq > this.#seq + 1) this.#gap()
    this.#seq = seq
    this.#take(states)
    const taken = gone.filter((id) => this.#port.stateOf(id) !== undefined && this.#isGone(id, seq))
    for (const id of taken) this.forget(id)
    if (taken.length > 0) this.#port.remove(taken)
  }

  ack({ n, seq, states }: Ack): void {
    const isFirst = this.#seq === undefined
    if (!isFirst && this.#seq !== undefined && seq > this.#seq) this.#gap()
    this.#seq = Math.max(this.#seq ?? 0, seq)
    this.#unacked.delete(n)
    this.#release(this.#fences.acknowledged(n, seq))
    if (n >= this.#trustedFrom) this.#trustedFrom = 0
    this.#take(states)
  }

  /** The leader has sent that many answers. */
  beat(seq: number): void {
    if (this.#seq !== undefined && seq > this.#seq) this.#gap()
  }

  done({ ticket, results }: Done): void {
    const open = this.tickets.get(ticket)
    if (open === undefined) return
    // Who wants an id was told by the `answers` that it is gone. A terminal item is not wanted.
    const gone = results.filter(({ id, gone: isGone }) => isGone === true && !this.#fences.has(id))
    this.#port.remove(gone.map(({ id }) => id).filter((id) => this.#port.stateOf(id) !== undefined))
    for (const { id, error } of results) {
      open.settle(id, error === undefined ? undefined : { error: receiveError(error) })
    }
  }

  /** Nobody can say any more what still runs. */
  releaseAll(): void {
    this.#release([...this.#waiting.keys()])
  }

  /** True if the value of an id was changed here, and none of the leader's is newer yet. */
  isWritten(id: ItemId): boolean {
    return this.#fences.has(id)
  }

  #release(ids: readonly ItemId[]): void {
    for (const id of ids) {
      const waiting = this.#waiting.get(id) ?? []
      this.#waiting.delete(id)
      for (const resolve of waiting) resolve()
    }
  }

  #gap(): void {
    if (this.#port.isStream) return
    this.gaps += 1
    this.askInFull()
  }

  /** True if a deletion is taken. One that is kept out by a fence asks for the id anew: the leader has forgotten it. */
  #isGone(id: ItemId, seq: number): boolean {
    if (this.#fences.passes(id, seq)) return true
    this.wantChanged(id)
    return false
  }

  #take(states: readonly SharedState[]): void {
    if (this.#trustedFrom > 0) return
    const adopted: AdoptedState<Item>[] = []
    for (const state of states) {
      const present = this.#port.stateOf(state.id)
      if (present === undefined) continue
      const read = this.#reader.read(state, present)
      if (read === 'unknown') this.wantChanged(state.id)
      else adopted.push(...read)
    }
    if (adopted.length > 0) this.#port.adopt(adopted)
  }

  #queue(): void {
    if (this.#isQueued || !this.#isOpen) return
    this.#isQueued = true
    // At the end of the turn, so that all that was changed in it goes together.
    void Promise.resolve().then(() => {
      this.#isQueued = false
      if (this.#isOpen) this.#flush()
    })
  }

  #flush(): void {
    const { wants } = this.#port
    const isFull = this.#isFull
    const all = [...(isFull ? wants : this.#changed)]
    this.#isFull = false
    this.#changed.clear()
    const add = all.filter((id) => wants.has(id)).map((id) => this.#wantOf(id))
    const remove = isFull ? [] : all.filter((id) => !wants.has(id))
    // The leader is as silent as before: the new ask takes the place of the old ones.
    const since = isFull ? this.#port.now() - this.silence : undefined
    if (isFull) this.#unacked.clear()
    if (isFull || add.length > 0) {
      for (let from = 0; from === 0 || from < add.length; from += MAX_IDS) {
        const part = add.slice(from, from + MAX_IDS)
        this.#send({ ...(isFull && from === 0 && { full: true }), add: part }, since)
      }
    }
    for (const part of parts(remove)) this.#send({ remove: part })
    this.#ask()
    this.#tell(this.#fences.untold())
  }

  /** Asks for the refreshes of which the leader was not told. */
  #ask(): void {
    for (const ticket of this.tickets.unsent()) {
      ticket.isSent = true
      const { ids } = ticket
      this.#send({ refresh: [{ ticket: ticket.ticket, ids }] })
    }
  }

  /** Tells the leader what was changed here. */
  #tell(written: readonly ItemId[]): void {
    for (const part of parts(written)) {
      this.#fences.told(part, this.#n + 1)
      this.#send({ wrote: part })
    }
  }

  #wantOf(id: ItemId): Want {
    const next = this.#port.stateOf(id)?.next
    const version = this.#reader.versionOf(id)
    return { id, ...(next !== undefined && { next }), ...(version !== undefined && { version }) }
  }

  #send(body: Omit<Ask, 'type' | 'n'>, since?: number): void {
    this.#n += 1
    this.#sentAt = this.#port.now()
    if (body.wrote === undefined) this.#unacked.set(this.#n, since ?? this.#sentAt)
    this.#port.send({ type: 'ask', n: this.#n, ...body })
  }
}

/** Divides ids into what one message may name (K8). */
function parts(ids: readonly ItemId[]): ItemId[][] {
  const all: ItemId[][] = []
  for (let from = 0; from < ids.length; from += MAX_IDS) all.push(ids.slice(from, from + MAX_IDS))
  return all
}
