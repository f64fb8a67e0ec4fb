import type { ItemId } from '@auto-refresh/core'
import type { Ack, Ask, Done, LeaderBody, Ticket, Want } from '../protocol/message.ts'
import type { Outbox } from './outbox.ts'
import type { Readers } from './readers.ts'
import { notFound, overLimit } from './refusal.ts'

/** Most refreshes of a client that run. */
const MAX_TICKETS = 100

/** The part of a hub that a client uses. */
export interface ClientPort {
  /** Hands an ask about writes or tickets to the leader, under this client's name. */
  tell(ask: Ask): void
  readonly outbox: Outbox
  readonly readers: Readers<Client>
  /** Number of the leader's last answers. */
  readonly seq: () => number
  readonly maxIds: number
}

/** A client: what it wants, and what of that it may read. */
export class Client {
  readonly #port: ClientPort
  /** The ids that it wants, and true if it may read them. */
  readonly #wishes = new Map<ItemId, boolean>()
  /** Open tickets: the ids of each, and true for those that the client may read. */
  readonly #tickets = new Map<number, Map<ItemId, boolean>>()
  /** Number of the client's last ask. */
  #n = 0
  /** Number of the last ask that the leader was handed. */
  #handed = 0
  /** Writes that the leader has not acknowledged, by that number. */
  readonly #writes = new Map<number, { readonly n: number; readonly ids: readonly ItemId[] }>()

  constructor(port: ClientPort) {
    this.#port = port
  }

  get outbox(): Outbox {
    return this.#port.outbox
  }

  /** All ids that the client may be told of, if it may read them. */
  get ids(): Iterable<ItemId> {
    return new Set([...this.#wishes.keys(), ...this.#ticketIds()])
  }

  get size(): number {
    return this.#wishes.size
  }

  /** Takes an ask. @param readable of the ids that it names, those that the client may read */
  receive(ask: Ask, readable: ReadonlySet<ItemId>): void {
    const { n, full, add = [], remove = [], wrote = [], refresh = [] } = ask
    const { outbox, readers, seq } = this.#port
    if (n <= this.#n) return
    if (full !== true && n !== this.#n + 1) outbox.lead()
    this.#n = n
    if (full === true) {
      const kept = new Set(add.map(({ id }) => id))
      for (const id of [...this.#wishes.keys()]) if (!kept.has(id)) this.#drop(id)
    }
    for (const id of remove) this.#drop(id)
    for (const want of add) this.#add(want, readable.has(want.id))
    const tickets = refresh.flatMap((ticket) => this.#open(ticket, readable))
    readers.flush()
    if (tickets.length > 0) this.#hand({ refresh: tickets })
    if (wrote.length === 0) outbox.ack(n, seq())
    else
      this.#wrote(
        n,
        wrote.filter((id) => readable.has(id)),
      )
  }

  /** The client's rights were looked at anew. @param checked the ids that were looked at */
  setReadable(checked: Iterable<ItemId>, readable: ReadonlySet<ItemId>): void {
    for (const id of checked) {
      const isReadable = readable.has(id)
      if (!isReadable) this.#refuseTickets(id)
      if (this.#wishes.get(id) !== !isReadable) continue
      this.#wishes.set(id, isReadable)
      if (isReadable) {
        this.#read({ id })
      } else {
        this.#port.readers.remove(id, this)
        this.#port.outbox.fail(id, notFound(id))
      }
    }
    this.#port.readers.flush()
  }

  /** The leader's answer to this client. */
  told(body: LeaderBody): void {
    if (body.type === 'ack') this.#acknowledged(body)
    else if (body.type === 'done') this.#done(body)
  }

  /** The source deleted the id: whoever still wants it asks anew (K15). */
  gone(id: ItemId): void {
    this.#wishes.delete(id)
    this.#port.outbox.gone(id)
  }

  /** The client is gone. */
  close(): void {
    const { readers } = this.#port
    for (const id of this.#wishes.keys()) readers.remove(id, this)
    for (const id of this.#ticketIds()) readers.unfollow(id, this)
    this.#wishes.clear()
    this.#tickets.clear()
    readers.flush()
  }

  #add(want: Want, isReadable: boolean): void {
    const { id, version } = want
    const { outbox, maxIds } = this.#port
    if (!this.#wishes.has(id) && this.#wishes.size >= maxIds) {
      outbox.fail(id, overLimit(`want ${maxIds} ids`))
      return
    }
    this.#wishes.set(id, isReadable)
    outbox.knows(id, version)
    if (isReadable) this.#read(want)
    else outbox.fail(id, notFound(id))
  }

  #read(want: Want): void {
    this.#port.readers.add(want, this)
    this.#port.outbox.state(want.id)
  }

  #drop(id: ItemId): void {
    this.#wishes.delete(id)
    this.#port.readers.remove(id, this)
    this.#port.outbox.forget(id)
  }

  /** Of a ticket, what the leader is asked for. */
  #open({ ticket, ids, all }: Ticket, readable: ReadonlySet<ItemId>): Ticket[] {
    if (this.#tickets.size >= MAX_TICKETS) {
      const error = overLimit(`have ${MAX_TICKETS} refreshes open`)
      this.#port.outbox.done({ type: 'done', ticket, results: ids.map((id) => ({ id, error })) })
      return []
    }
    this.#tickets.set(ticket, new Map(ids.map((id) => [id, readable.has(id)])))
    const allowed = ids.filter((id) => readable.has(id))
    for (const id of allowed) this.#port.readers.follow(id, this)
    if (allowed.length > 0) return [{ ticket, ids: allowed, ...(all && { all }) }]
    this.#done({ type: 'done', ticket, results: [] })
    return []
  }

  #done({ type, ticket, results }: Done): void {
    const ids = this.#tickets.get(ticket)
    if (ids === undefined) return
    this.#tickets.delete(ticket)
    const told = results.filter(({ id }) => ids.get(id) === true)
    const refused = [...ids].filter(([, isReadable]) => !isReadable)
    for (const [id] of refused) told.push({ id, error: notFound(id) })
    this.#port.outbox.done({ type, ticket, results: told })
    const followed = new Set(this.#ticketIds())
    for (const id of ids.keys()) if (!followed.has(id)) this.#port.readers.unfollow(id, this)
  }

  /** The right was lost while the refresh ran. */
  #refuseTickets(id: ItemId): void {
    const { outbox, readers } = this.#port
    for (const ids of this.#tickets.values()) if (ids.has(id)) ids.set(id, false)
    readers.unfollow(id, this)
    if (!this.#wishes.has(id)) outbox.forget(id)
  }

  #ticketIds(): ItemId[] {
    const all: ItemId[] = []
    for (const ids of this.#tickets.values()) all.push(...ids.keys())
    return all
  }

  /** The leader is told that the client wants them as well, because one that is terminal there may be revived (K15). */
  #wrote(n: number, ids: readonly ItemId[]): void {
    this.#writes.set(this.#handed + 1, { n, ids })
    this.#hand({ wrote: ids, add: ids.filter((id) => this.#wishes.get(id) === true).map((id) => ({ id })) })
  }

  #acknowledged({ n, seq }: Ack): void {
    const write = this.#writes.get(n)
    this.#writes.delete(n)
    if (write === undefined) return
    this.#port.outbox.ack(write.n, seq)
    this.#hand({ remove: write.ids })
  }

  #hand(ask: Omit<Ask, 'type' | 'n'>): void {
    this.#handed += 1
    this.#port.tell({ type: 'ask', n: this.#handed, ...ask })
  }
}
