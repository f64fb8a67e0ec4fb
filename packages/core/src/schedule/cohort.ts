import type { DeadlineHeap, HeapNode } from './deadline-heap.ts'

/** What a cohort groups. Only the cohort changes the first three fields. */
export interface CohortMember<Self extends CohortMember<Self>> {
  cohort: Cohort<Self> | undefined
  /** The members of the cohort that came before and after it. */
  previous: Self | undefined
  next: Self | undefined
  /** ms between two refreshes; 0 where it is not known yet. */
  readonly interval: number
  readonly failures: { readonly batchLimit: number } | undefined
}

/**
 * Items that are due together, because they went together: one node of the heap however many they are, and a list of
 * them, first come first.
 */
export class Cohort<Member extends CohortMember<Member>> implements HeapNode {
  place = -1
  /** Monotonic ms. */
  due: number = Infinity
  /** The same on the wall clock, ms since 1970. */
  dueEpoch: number = Infinity
  /** That of its members, ms. */
  interval = 0
  /** The most items that a batch with one of these may have (F5); `Infinity` for none but the usual. */
  limit: number = Infinity
  /** Whether its members may go before their time to fill a batch (S5): those that wait after a failure may not. */
  isEager = true
  /** Whether its members are new, and wait for company (S1). */
  isGathering = false
  /** The heap that it is in, if any. */
  heap: DeadlineHeap<Cohort<Member>> | undefined = undefined
  size = 0
  #first: Member | undefined = undefined
  #last: Member | undefined = undefined

  /**
   * Only where it has no members. What it was before is forgotten.
   *
   * @param first the first member; what it is, all are
   */
  begin(first: Member, due: number, dueEpoch: number): this {
    this.due = due
    this.dueEpoch = dueEpoch
    this.interval = first.interval
    this.limit = first.failures?.batchLimit ?? Infinity
    this.isEager = first.failures === undefined
    this.add(first)
    return this
  }

  /** Whether a member may join that is due then, by both clocks. */
  suits({ interval, failures }: Member, due: number, dueEpoch: number): boolean {
    return (
      this.due === due &&
      this.dueEpoch === dueEpoch &&
      this.interval === interval &&
      this.isEager === (failures === undefined) &&
      this.limit === (failures?.batchLimit ?? Infinity)
    )
  }

  /** Takes in a member that is in no cohort. */
  add(member: Member): void {
    const last = this.#last
    if (last === undefined) this.#first = member
    else last.next = member
    member.previous = last
    member.cohort = this
    this.#last = member
    this.size += 1
  }

  /** Lets a member of it go; the last one takes the cohort out of its heap. */
  remove(member: Member): void {
    const { previous, next } = member
    if (previous === undefined) this.#first = next
    else previous.next = next
    if (next === undefined) this.#last = previous
    else next.previous = previous
    member.cohort = member.previous = member.next = undefined
    this.size -= 1
    if (this.size === 0) this.heap?.remove(this)
  }

  /** Lets the first `count` members go. */
  take(count: number): Member[] {
    const taken: Member[] = []
    for (let first = this.#first; first !== undefined && taken.length < count; first = this.#first) {
      taken.push(first)
      this.remove(first)
    }
    return taken
  }

  /** The members, first come first. */
  members(): Member[] {
    const members: Member[] = []
    for (let each = this.#first; each !== undefined; each = each.next) members.push(each)
    return members
  }
}
