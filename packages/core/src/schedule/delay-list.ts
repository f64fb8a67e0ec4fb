import { Fifo } from './fifo.ts'

/**
 * Deadlines that are all the same time after their beginning, so that the first in is the first out and no heap is
 * needed. With a delay of `Infinity` nothing is ever kept.
 */
export class DelayList<Member> {
  readonly #delay: number
  readonly #members = new Fifo<Member>()

  /** @param delay ms */
  constructor(delay: number) {
    this.#delay = delay
  }

  /** When the first member's time is up. */
  get firstDue(): number {
    return this.#members.firstSince + this.#delay
  }

  /** Counts for `member` from `since` on; times never run backwards. */
  add(member: Member, since: number): void {
    if (this.#delay !== Infinity) this.#members.add(member, since)
  }

  /** Counts for it again, if it is not counted for, as if it had never been left out. */
  restore(member: Member, since: number): void {
    if (this.#delay !== Infinity && !this.#members.has(member)) this.#members.restore(member, since)
  }

  /** Leaves out the first members as long as it holds for them. */
  dropWhile(holds: (member: Member) => boolean): void {
    for (let first = this.#members.first; first !== undefined && holds(first); first = this.#members.first) {
      this.#members.delete(first)
    }
  }

  delete(member: Member): void {
    this.#members.delete(member)
  }

  /** Takes out one member whose time is up. */
  takeDue(now: number): Member | undefined {
    const first = this.#members.first
    if (first === undefined || this.firstDue > now) return undefined
    this.#members.delete(first)
    return first
  }
}
