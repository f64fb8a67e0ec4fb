import type { ItemId } from '@auto-refresh/core'
import type { Ticket } from '../protocol/message.ts'

/** How a refresh of one id came out; undefined: well. */
export type Outcome = { readonly error: unknown } | undefined

/** A refresh that was asked for and has not settled (K5). */
export interface OpenTicket extends Ticket {
  /** True if the present leader was asked. */
  isSent: boolean
  /** Settles one id. */
  readonly settle: (id: ItemId, outcome: Outcome) => void
}

/** The refreshes that this member has asked for. */
export class Tickets {
  readonly #open = new Map<number, OpenTicket>()
  #count = 0

  /** Opens a ticket. Resolves with the outcomes when every id has settled. */
  open(ids: readonly ItemId[]): Promise<ReadonlyMap<ItemId, Outcome>> {
    this.#count += 1
    const ticket = this.#count
    return new Promise((resolve) => {
      const outcomes = new Map<ItemId, Outcome>()
      const settle = (id: ItemId, outcome: Outcome): void => {
        if (!outcomes.has(id)) outcomes.set(id, outcome)
        if (outcomes.size < ids.length) return
        this.#open.delete(ticket)
        resolve(outcomes)
      }
      this.#open.set(ticket, { ticket, ids, isSent: false, settle })
      if (ids.length === 0) resolve(outcomes)
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

  /** All tickets have to be asked again, of another leader. */
  forgetSent(): void {
    for (const ticket of this.#open.values()) ticket.isSent = false
  }

  /** Takes all open tickets, for whoever does them without a group. */
  take(): readonly OpenTicket[] {
    const all = [...this.#open.values()]
    this.#open.clear()
    return all
  }

  /** Settles an id in every ticket: it was deleted. */
  settleId(id: ItemId, outcome: Outcome): void {
    for (const ticket of [...this.#open.values()]) if (ticket.ids.includes(id)) ticket.settle(id, outcome)
  }

  /** Settles everything: the member stops. */
  settleAll(outcome: Outcome): void {
    for (const ticket of [...this.#open.values()]) for (const id of ticket.ids) ticket.settle(id, outcome)
  }
}
