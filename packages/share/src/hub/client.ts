import type { ItemId } from '@auto-refresh/core'
import type { Ack, Ask, Done, LeaderBody, Ticket, Want } from '../protocol/message.ts'
import type { Outbox } from './outbox.ts'
import type { Readers } from './readers.ts'
import { notFound, overLimit } from './refusal.ts'

/** What a client needs of its hub. */
export interface ClientPort {
  /** Hands an ask to the leader, under this client's name. */
  tell(ask: Ask): void
  readonly outbox: Outbox
  readonly readers: Readers<Client>
  /** Nobody is told of the id any more. */
  unread(id: ItemId): void
  readonly maxIds: number
}

/** A client as the leader's member: what it wants, and what of that it may read. */
export class Client {
  readonly #port: ClientPort
  /** What it wants, and true if it may read it. */
  readonly #wishes = new Map<ItemId, boolean>()
  /** Open tickets, and the ids of each. */
  readonly #tickets = new Map<number, readonly ItemId[]>()
  /** Number of the client's last ask. */
  #n = 0
  /** Number of the last ask that the leader was handed, and whose answer the client waits for. */
  #handed = 0
  readonly #numbers = new Map<number, number>()

  constructor(port: ClientPort) {
    this.#port = port
  }

  /** All ids that the client wants, readable or not. */
  get ids(): Iterable<ItemId> {
    return this.#wishes.keys()
  }

  get size(): number {
    return this.#wishes.size
  }

  /** Takes an ask. @param readable of the ids that it names, those that the client may read */
  receive(ask: Ask, readable: ReadonlySet<ItemId>): void {
    const { n, full, add = [], remove = [], wrote = [], refresh = [] } = ask
    const { outbox } = this.#port
    if (n <= this.#n) return
    if (full !== true && n !== this.#n + 1) outbox.lead()
    this.#n = n
    if (full === true) {
      const kept = new Set(add.map(({ id }) => id))
      for (const id of [...this.#wishes.keys()]) if (!kept.has(id)) this.#drop(id)
    }
    for (const id of remove) this.#drop(id)
    const wanted = add.filter((want) => this.#add(want, readable.has(want.id)))
    this.#hand(
      {
        ...(full === true && { full }),
        add: wanted,
        remove,
        wrote: wrote.filter((id) => readable.has(id)),
        refresh: refresh.flatMap((ticket) => this.#open(ticket, readable)),
      },
      n,
    )
  }

  /** The client's rights were looked at anew. @param checked the ids that were looked at */
  setReadable(checked: Iterable<ItemId>, readable: ReadonlySet<ItemId>): void {
    const add: Want[] = []
    const remove: ItemId[] = []
    for (const id of checked) {
      const isReadable = readable.has(id)
      if (this.#wishes.get(id) !== !isReadable) continue
      this.#wishes.set(id, isReadable)
      if (isReadable) {
        this.#port.readers.add(id, this)
        add.push({ id })
      } else {
        this.#unread(id)
        this.#port.outbox.fail(id, notFound(id))
        remove.push(id)
      }
    }
    if (add.length > 0 || remove.length > 0) this.#hand({ add, remove })
  }

  /** The leader's answer to this client. */
  told(body: LeaderBody): void {
    if (body.type === 'ack') this.#acknowledged(body)
    else if (body.type === 'done') this.#done(body)
  }

  /** The source deleted the id: whoever still wants it asks anew (K15). */
  gone(id: ItemId): void {
    this.#wishes.delete(id)
    this.#unread(id)
    this.#port.outbox.gone(id)
  }

  /** The client is gone. */
  close(): void {
    const ids = new Set([...this.#wishes.keys(), ...[...this.#tickets.values()].flat()])
    this.#wishes.clear()
    this.#tickets.clear()
    for (const id of ids) this.#unread(id)
  }

  /** True if the leader is to be told. */
  #add(want: Want, isReadable: boolean): boolean {
    const { id, version } = want
    const { outbox, readers, maxIds } = this.#port
    if (!this.#wishes.has(id) && this.#wishes.size >= maxIds) {
      outbox.fail(id, overLimit(maxIds))
      return false
    }
    this.#wishes.set(id, isReadable)
    outbox.knows(id, version)
    if (isReadable) readers.add(id, this)
    else outbox.fail(id, notFound(id))
    return isReadable
  }

  #drop(id: ItemId): void {
    this.#wishes.delete(id)
    this.#unread(id)
    this.#port.outbox.forget(id)
  }

  #unread(id: ItemId): void {
    if (this.#wishes.get(id) === true) return
    for (const ids of this.#tickets.values()) if (ids.includes(id)) return
    if (this.#port.readers.remove(id, this)) this.#port.unread(id)
  }

  /** Of a ticket, what the leader is asked for. */
  #open({ ticket, ids }: Ticket, readable: ReadonlySet<ItemId>): Ticket[] {
    this.#tickets.set(ticket, ids)
    const allowed = ids.filter((id) => readable.has(id))
    for (const id of allowed) this.#port.readers.add(id, this)
    if (allowed.length > 0) return [{ ticket, ids: allowed }]
    this.#done({ type: 'done', ticket, results: [] })
    return []
  }

  #done({ type, ticket, results }: Done): void {
    const ids = this.#tickets.get(ticket)
    if (ids === undefined) return
    this.#tickets.delete(ticket)
    const known = new Set(results.map(({ id }) => id))
    const refused = ids.filter((id) => !known.has(id)).map((id) => ({ id, error: notFound(id) }))
    this.#port.outbox.done({ type, ticket, results: [...results, ...refused] })
    for (const id of ids) this.#unread(id)
  }

  #hand(ask: Omit<Ask, 'type' | 'n'>, n?: number): void {
    this.#handed += 1
    if (n !== undefined) this.#numbers.set(this.#handed, n)
    this.#port.tell({ type: 'ask', n: this.#handed, ...ask })
  }

  #acknowledged(ack: Ack): void {
    for (const { id } of ack.states) this.#port.outbox.state(id)
    const n = this.#numbers.get(ack.n)
    this.#numbers.delete(ack.n)
    if (n !== undefined) this.#port.outbox.ack({ ...ack, n })
  }
}
