import { Fifo } from '../schedule/fifo.ts'

/** What decides whether an item may be removed to make room. */
export interface Evictable {
  readonly status: string
  /** In a running sync call. */
  readonly call: unknown
  readonly subscribers: unknown
}

/** The order in which items are removed to make room (C1): least recently used first, those that are over before others. */
export class Eviction<Member extends Evictable> {
  readonly #over = new Fifo<Member>()
  readonly #active = new Fifo<Member>()

  /** Notes that a member was used, is new, or is of another kind than before: it goes last in its line. */
  note(member: Member): void {
    this.delete(member)
    // An observed item is never removed, so it stands in no line.
    if (member.subscribers !== undefined) return
    const line = member.status === 'active' ? this.#active : this.#over
    line.add(member)
  }

  delete(member: Member): void {
    this.#over.delete(member)
    this.#active.delete(member)
  }

  /** Who goes first, if anybody can go. */
  next(): Member | undefined {
    const isIdle = (member: Member): boolean => member.call === undefined
    return this.#over.find(isIdle) ?? this.#active.find(isIdle)
  }
}
