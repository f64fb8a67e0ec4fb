interface Link<Member> {
  readonly member: Member
  readonly since: number
  previous: Link<Member> | undefined
  next: Link<Member> | undefined
}

/** First in, first out, with O(1) removal from the middle. A member is in it once. */
export class Fifo<Member> {
  /** A `Map` alone would do, were its first key found in O(1) after many deletions. */
  readonly #links = new Map<Member, Link<Member>>()
  #head: Link<Member> | undefined = undefined
  #tail: Link<Member> | undefined = undefined

  get first(): Member | undefined {
    return this.#head?.member
  }

  /** The time that the first member was added with; `Infinity` where there is none. */
  get firstSince(): number {
    return this.#head?.since ?? Infinity
  }

  /** Adds to the end; a member that was in it moves there. */
  add(member: Member, since = 0): void {
    this.delete(member)
    const link: Link<Member> = { member, since, previous: this.#tail, next: undefined }
    if (this.#tail === undefined) this.#head = link
    else this.#tail.next = link
    this.#tail = link
    this.#links.set(member, link)
  }

  /** Puts back a member that was among the first, where its time wants it. */
  restore(member: Member, since: number): void {
    let after = this.#head
    while (after !== undefined && after.since < since) after = after.next
    if (after === undefined) {
      this.add(member, since)
      return
    }
    const link: Link<Member> = { member, since, previous: after.previous, next: after }
    if (after.previous === undefined) this.#head = link
    else after.previous.next = link
    after.previous = link
    this.#links.set(member, link)
  }

  has(member: Member): boolean {
    return this.#links.has(member)
  }

  /** Returns whether it was in it. */
  delete(member: Member): boolean {
    const link = this.#links.get(member)
    if (link === undefined) return false
    this.#links.delete(member)
    if (link.previous === undefined) this.#head = link.next
    else link.previous.next = link.next
    if (link.next === undefined) this.#tail = link.previous
    else link.next.previous = link.previous
    return true
  }

  /** The first member for which it holds. */
  find(holds: (member: Member) => boolean): Member | undefined {
    for (let link = this.#head; link !== undefined; link = link.next) {
      if (holds(link.member)) return link.member
    }
    return undefined
  }
}
