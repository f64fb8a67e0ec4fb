import type { ItemId } from '@auto-refresh/core'
import type { Ticket } from '../protocol/message.ts'

/** How a refresh of one id came out; undefined: well. */
export type Outcome = { readonly error: unknown } | undefined

/** A refresh that was asked for and has not settled (K5). */
export interface OpenTicket extends Ticket {
  /** True if the present leader was asked. */
  isSent: boolean
  /** When the present leader was first asked, ms; undefined once it has acknowledged that. */
  since: number | undefined
  /** True if the id has not settled. */
  readonly waits: (id: ItemId) => boolean
  /** Settles one id. Another one, or one that has settled, is ignored. */
  readonly settle: (id: ItemId, outcome: Outcome) => void
}

/** The refreshes that this member has asked for. */
export class Tickets {
  readonly #open = new Map<number, OpenTicket>()
  #count = 0

  /** Opens a ticket, of one id at least. Resolves with the outcomes when every id has settled. @param isAll as `Ticket.all` */
  open(ids: readonly ItemId[], isAll = false): Promise<Map<ItemId, Outcome>> {
    this.#count += 1
    const ticket = this.#count
    return new Promise((resolve) => {
      const outcomes = new Map<ItemId, Outcome>()
      const waiting = new Set(ids)
      const settle = (id: ItemId, outcome: Outcome): void => {
        if (!waiting.delete(id)) return
        outcomes.set(id, outcome)
        if (waiting.size > 0) return
        this.#open.delete(ticket)
        resolve(outcomes)
      }
      const waits = (id: ItemId): boolean => waiting.has(id)
      const all = isAll && { all: true as const }
      this.#open.set(ticket, { ticket, ids, ...all, isSent: false, since: undefined, waits, settle })
    })
  }

  get(ticket: number): OpenTicket | undefined {
    return this.#open.get(ticket)
  }

  get size(): number {
    return this.#open.size
  }

  unsent(): readonly OpenTicket[] {
    return [...this.#open.values()].filter(({ isSent }) => !isSent)
  }

  /** All tickets have to be asked again. */
  forgetSent(): void {
    for (const ticket of this.#open.values()) ticket.isSent = false
  }

  /** The leader that is asked next has not been silent yet. */
  forgetSilence(): void {
    for (const ticket of this.#open.values()) ticket.since = undefined
  }

  /** When the first ticket was asked that is not acknowledged; Infinity if there is none. */
  get since(): number {
    let first = Infinity
    for (const { since = Infinity } of this.#open.values()) first = Math.min(first, since)
    return first
  }

  /** Takes all open tickets, for whoever does them without a group. */
  take(): readonly OpenTicket[] {
    const all = [...this.#open.values()]
    this.#open.clear()
    return all
  }

  /** Settles an id in every ticket: it was deleted. */
  settleId(id: ItemId, outcome: Outcome): void {
    for (const ticket of [...this.#open.values()]) ticket.settle(id, outcome)
  }

  /** Settles everything: the member stops. */
  settleAll(outcome: Outcome): void {
    for (const ticket of [...this.#open.values()]) for (const id of ticket.ids) ticket.settle(id, outcome)
  }
}
