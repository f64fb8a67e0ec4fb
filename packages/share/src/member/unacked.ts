import type { OpenTicket, Tickets } from './tickets.ts'

/**
 * Asks that the leader has not acknowledged, and for how long (K7). Those that ask anew for the same have been waiting since
 * the first one.
 */
export class Unacked {
  readonly #tickets: Tickets
  /** By number, when the first ask for that was sent, ms. */
  readonly #asks = new Map<number, number>()
  /** By number, the ticket that was asked for. */
  readonly #refreshes = new Map<number, OpenTicket>()

  constructor(tickets: Tickets) {
    this.#tickets = tickets
  }

  has(n: number): boolean {
    return this.#asks.has(n)
  }

  /** Notes an ask for wants. */
  add(n: number, since: number): void {
    this.#asks.set(n, since)
  }

  /** Notes an ask for a refresh. */
  addRefresh(n: number, ticket: OpenTicket, now: number): void {
    ticket.since ??= now
    this.#refreshes.set(n, ticket)
  }

  acknowledged(n: number): void {
    this.#asks.delete(n)
    const ticket = this.#refreshes.get(n)
    if (ticket !== undefined) ticket.since = undefined
    this.#refreshes.delete(n)
  }

  /** Everything is asked for anew. Returns since when wants are not acknowledged; undefined: they are. */
  renew(): number | undefined {
    const [first] = this.#asks.values()
    this.#asks.clear()
    this.#refreshes.clear()
    return first
  }

  /** There is another leader, or none. */
  clear(): void {
    this.renew()
    this.#tickets.forgetSilence()
  }

  /** Asks without an `ack` are waited for from now on. */
  excuse(now: number): void {
    for (const n of this.#asks.keys()) this.#asks.set(n, now)
  }

  /** ms since the first ask that should be acknowledged by now. */
  silence(now: number): number {
    const [first = Infinity] = this.#asks.values()
    const since = Math.min(first, this.#tickets.since)
    return since === Infinity ? 0 : now - since
  }
}
