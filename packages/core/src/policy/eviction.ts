/** What decides whether an item may be removed to make room. */
export interface Evictable {
  readonly status: string
  /** In a running sync call. */
  readonly call: unknown
  readonly subscribers: unknown
}

/** Members in the order of their last use. */
class Line<Member extends Evictable> {
  readonly #members = new Set<Member>()
  /**
   * Goes on where it was, so that finding the next costs the same however many have left before it. Whoever it has passed
   * has left, or went to the end: all members are ahead of it.
   */
  readonly #hand: IterableIterator<Member, undefined> = this.#members.values()

  /** Goes to the end. */
  add(member: Member): void {
    this.#members.delete(member)
    this.#members.add(member)
  }

  delete(member: Member): void {
    this.#members.delete(member)
  }

  /** The first that is in no running call; those that are go to the end (second chance). The caller takes it out. */
  next(): Member | undefined {
    for (let rest = this.#members.size; rest > 0; rest--) {
      const { value } = this.#hand.next()
      if (value?.call === undefined) return value
      this.add(value)
    }
    return undefined
  }
}

/** The order in which items are removed to make room (C1): least recently used first, those that are over before others. */
export class Eviction<Member extends Evictable> {
  readonly #over = new Line<Member>()
  readonly #active = new Line<Member>()

  /** Notes that a member was used, is new, or is of another kind than before. */
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

  /** Who goes first, if anybody can go: it is not offered again, so it must go. */
  next(): Member | undefined {
    return this.#over.next() ?? this.#active.next()
  }
}
