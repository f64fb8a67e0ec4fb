/** Somebody who observes an id: a listener, an `until`, a `watch`. */
export interface Member {
  readonly id: string
  readonly kind: 'listener' | 'until' | 'watch'
  isOpen: boolean
}

/** Who observes what (O2, W12, C1). */
export class Audience {
  readonly #members = new Map<string, Set<Member>>()
  /** Ids that somebody left, or may have left, in this turn. */
  readonly #unsure = new Set<string>()

  join(member: Member): void {
    const members = this.#members.get(member.id)
    if (members === undefined) this.#members.set(member.id, new Set([member]))
    else members.add(member)
  }

  /** Whether that was the last one of its id. */
  leave(member: Member): boolean {
    member.isOpen = false
    const members = this.#members.get(member.id)
    if (members === undefined || !members.delete(member)) return false
    if (members.size > 0) return false
    this.#members.delete(member.id)
    this.#unsure.add(member.id)
    return true
  }

  isObserved(id: string): boolean {
    return this.#members.has(id)
  }

  /** Promises settle some time in a turn; who waits for one may be gone already. */
  mayBeUnobserved(id: string): boolean {
    const members = this.#members.get(id)
    return members === undefined || ![...members].some(({ kind }) => kind === 'listener')
  }

  mayBeObserved(id: string): boolean {
    return this.#members.has(id) || this.#unsure.has(id)
  }

  endTurn(): void {
    this.#unsure.clear()
  }

  get size(): number {
    let size = 0
    for (const members of this.#members.values()) size += members.size
    return size
  }
}
