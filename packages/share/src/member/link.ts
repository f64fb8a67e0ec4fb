import type { ItemId } from '@auto-refresh/core'
import type { AdoptedState } from '@auto-refresh/core/adapter'
import type { Ack, Answers, Ask, Done, SharedState, Want } from '../protocol/message.ts'
import { delay } from '../protocol/limits.ts'
import { Fences } from './fences.ts'
import type { LinkPort } from './link-port.ts'
import { isTooLong, LongIds } from './long-ids.ts'
import { parts } from './parts.ts'
import { StateReader } from './state-reader.ts'
import { type Outcome, Tickets } from './tickets.ts'
import { Unacked } from './unacked.ts'
import { Waiting } from './waiting.ts'

/** Times that a leader's `lead` is answered by an ask in full, while the last such ask is not acknowledged. */
const MAX_REPEATS = 3

/** A member's side: tells the leader what this member wants and changed, and hands what the leader says to the front. */
export class Link<Item> {
  readonly #port: LinkPort<Item>
  readonly #fences = new Fences()
  readonly tickets: Tickets = new Tickets()
  readonly #reader: StateReader<Item>
  readonly #changed = new Set<ItemId>()
  /** Asks without an `ack`. Those that tell of writes are not among them, because they may take long. */
  readonly #unacked = new Unacked(this.tickets)
  /** Asked for alone, because messages cannot hold them. */
  readonly longIds: LongIds
  /** Number of the last ask in full. */
  #lastFull = 0
  #repeats = 0
  #isOpen = false
  #isFull = false
  #isQueued = false
  #n = 0
  #sentAt = 0
  /** `seq` of the leader's last message; undefined before its first `ack`. */
  #seq: number | undefined
  /** Messages from before the `ack` of this ask have waited somewhere, so that their dates are wrong (K19). */
  #trustedFrom = 0
  readonly #waiting = new Waiting()
  gaps = 0

  constructor(port: LinkPort<Item>) {
    this.#port = port
    this.#reader = new StateReader(port.parse, port.isTerminal, this.#fences, port.delays)
    this.longIds = new LongIds(
      (id) => port.stateOf(id)?.next === 0,
      (id) => port.refreshAlone(id),
    )
  }

  /** The member wants an id, or does not any more. */
  wantChanged(id: ItemId): void {
    if (isTooLong(id)) this.longIds.changed(id, this.#port.wants.has(id))
    else this.#changed.add(id)
    this.#queue()
  }

  /** The value of an id was changed here (K4). */
  wrote(id: ItemId, isPassedOn = false): void {
    if (isTooLong(id)) return
    this.#fences.raise(id, this.#port.wants, isPassedOn)
    this.#queue()
  }

  /** Resolves when no call of the leader from before now runs for the id, or when there is no leader any more (E3). */
  settled(id: ItemId): Promise<void> {
    if (!this.#isOpen || isTooLong(id)) return Promise.resolve()
    this.wrote(id, true)
    return this.#waiting.add(id)
  }

  /** The id is not in the front any more. */
  forget(id: ItemId): void {
    this.#reader.forget(id)
  }

  /** Asks for a refresh, of whoever leads, until it is done (K5). No id may be too long. @param isAll as `Ticket.all` */
  async refresh(ids: readonly ItemId[], isAll = false): Promise<ReadonlyMap<ItemId, Outcome>> {
    const opened = parts(ids).map((part) => this.tickets.open(part, isAll))
    this.#queue()
    const [outcomes = new Map<ItemId, Outcome>(), ...others] = await Promise.all(opened)
    for (const other of others) for (const [id, outcome] of other) outcomes.set(id, outcome)
    return outcomes
  }

  /** There is a way to a leader: another one than before. */
  open(): void {
    this.#isOpen = true
    this.#seq = undefined
    this.#repeats = 0
    this.#unacked.clear()
    this.#reader.newLeader()
    // An answer to an older ask has waited somewhere (K19), but for a stream, which is opened with asks.
    if (!this.#port.isStream) this.#trustedFrom = this.#n + 1
    this.#fences.forgetTold(true)
    this.askInFull()
  }

  close(): void {
    this.#isOpen = false
    this.#seq = undefined
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

  /** The leader has missed an ask. One that misses each ask in full is asked at beats only. */
  missed(): void {
    this.#repeats = this.#unacked.has(this.#lastFull) ? this.#repeats + 1 : 0
    if (this.#repeats <= MAX_REPEATS) this.askInFull()
  }

  /** Messages may have waited: nothing is taken until the leader has answered an ask that is sent now (K19). */
  distrust(): void {
    this.#trustedFrom = this.#n + 1
    this.askInFull()
  }

  /** ms since the first ask that should be acknowledged by now. */
  get silence(): number {
    return this.#unacked.silence(this.#port.now())
  }

  /** A store tells of a leader that cannot be heard (V4). Only what needs the leader's own word waits for it. */
  excuse(): void {
    if (this.tickets.size === 0 && !this.#fences.isPending) this.#unacked.excuse(this.#port.now())
  }

  /** A beat has passed: asks anew what was not acknowledged, or says that the member is still there. */
  pulse(beat: number): void {
    this.longIds.refreshDue()
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
    if (this.#trustedFrom === 0) this.stored(states)
    // A listener that was told of the states may have changed the group (K9).
    if (this.#seq !== seq) return
    const taken = gone.filter((id) => this.#port.stateOf(id) !== undefined && this.#isGone(id, seq))
    for (const id of taken) this.forget(id)
    if (taken.length > 0) this.#port.remove(taken)
    // The leader has forgotten it. Who still has it, because of a hold for example, asks anew (K15).
    for (const id of taken) if (this.#port.stateOf(id) !== undefined) this.wantChanged(id)
  }

  ack({ n, seq, states }: Ack): void {
    this.beat(seq)
    this.#seq = Math.max(this.#seq ?? 0, seq)
    this.#unacked.acknowledged(n)
    const acknowledged = this.#fences.acknowledged(n, seq)
    this.#waiting.release(acknowledged)
    // A state that came before this `ack`, and was told after it, was kept out.
    if (seq < this.#seq) for (const id of acknowledged) this.wantChanged(id)
    if (n >= this.#trustedFrom) this.#trustedFrom = 0
    if (this.#trustedFrom === 0) this.stored(states)
  }

  /** The leader has sent that many answers. */
  beat(seq: number): void {
    if (seq > (this.#seq ?? seq)) this.#gap()
  }

  done({ ticket, results }: Done): void {
    const open = this.tickets.get(ticket)
    if (open === undefined) return
    // A member that wants an id was told by the `answers` that it is gone, and it may be back. A terminal item is not wanted.
    const gone = results.filter((each) => each.gone === true && open.waits(each.id)).map(({ id }) => id)
    this.#port.remove(gone.filter((id) => !this.#fences.has(id) && !this.#port.wants.has(id)))
    for (const { id, error } of results) {
      this.#reader.settle(id, error, (outcome) => open.settle(id, outcome))
    }
  }

  /** It is not known any more what still runs. */
  releaseAll(): void {
    this.#waiting.releaseAll()
  }

  /** True if the value of an id was changed here, and none of the leader's is newer yet. */
  isWritten(id: ItemId): boolean {
    return this.#fences.has(id)
  }

  #gap(): void {
    if (this.#port.isStream) return
    this.gaps += 1
    this.askInFull()
  }

  /** True if a deletion is taken. One that is kept out by a fence asks for the id anew: the leader has forgotten it. */
  #isGone(id: ItemId, seq: number): boolean {
    const isTaken = !this.#fences.keepsOut(id, seq)
    if (isTaken) this.#fences.fall(id)
    else this.wantChanged(id)
    return isTaken
  }

  /** Takes states that are as of now: a store's, whatever was missed before. */
  stored(states: readonly SharedState[]): void {
    const adopted: AdoptedState<Item>[] = []
    for (const state of this.#isOpen ? states : []) {
      const present = this.#port.stateOf(state.id)
      if (present === undefined) continue
      const read = this.#reader.read(state, present)
      if (read === 'unknown') this.wantChanged(state.id)
      else adopted.push(...read)
    }
    if (adopted.length > 0) this.#port.adopt(adopted)
    if (this.#fences.isPending) this.#queue()
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
    const add = all.filter((id) => wants.has(id) && !isTooLong(id)).map((id) => this.#wantOf(id))
    const remove = isFull ? [] : all.filter((id) => !wants.has(id))
    // The leader is as silent as before: the new ask takes the place of the old ones.
    const since = isFull ? this.#unacked.renew() : undefined
    const [first = [], ...others] = parts(add)
    if (isFull) this.#lastFull = this.#n + 1
    if (isFull || first.length > 0) this.#send({ ...(isFull && { full: true }), add: first }, since)
    for (const part of others) this.#send({ add: part }, since)
    for (const part of parts(remove)) this.#send({ remove: part })
    // Before the refreshes, whose calls then begin later than what the acknowledgement waits for.
    this.#tell(this.#fences.untold())
    this.#ask()
    this.longIds.refreshDue()
  }

  /** Asks for the refreshes of which the leader was not told. */
  #ask(): void {
    for (const ticket of this.tickets.unsent()) {
      ticket.isSent = true
      this.#unacked.addRefresh(this.#n + 1, ticket, this.#port.now())
      const { ticket: number, ids, all } = ticket
      this.#send({ refresh: [{ ticket: number, ids, ...(all && { all }) }] })
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
    const { next } = this.#port.stateOf(id) ?? {}
    const version = this.#reader.versionOf(id)
    return { id, ...(next !== undefined && { next: delay(next) }), ...(version !== undefined && { version }) }
  }

  #send(body: Omit<Ask, 'type' | 'n'>, since?: number): void {
    this.#n += 1
    this.#sentAt = this.#port.now()
    const isOfWants = body.wrote === undefined && body.refresh === undefined
    if (isOfWants) this.#unacked.add(this.#n, since ?? this.#sentAt)
    this.#port.send({ type: 'ask', n: this.#n, ...body })
  }
}
