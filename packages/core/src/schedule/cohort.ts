import type { DeadlineHeap } from './deadline-heap.ts'

/** What a cohort groups. Only the cohort changes the two fields. */
export interface CohortMember<Self extends CohortMember<Self>> {
  cohort: Cohort<Self> | undefined
  /** The index in the cohort. */
  seat: number
}

/** What all members of a cohort have in common besides their due time. */
export interface CohortTerms {
  /** Monotonic ms. */
  readonly due: number
  /** The same on the wall clock, ms since 1970. */
  readonly dueEpoch: number
  /** ms between two refreshes; 0 where it is not known yet. */
  readonly interval: number
  /** The most items that a batch with one of these may have (F5); `Infinity` for none but the usual. */
  readonly limit: number
  /** Whether they may go before their time to fill a batch (S5). */
  readonly eager: boolean
}

/** Below this many seats, empty ones are left alone. */
const MIN_SEATS = 64

/**
 * Items that are due together, because they went together: one node of the heap however many they are. Members leave in
 * the order in which they came; one that leaves out of turn leaves an empty seat.
 */
export class Cohort<Member extends CohortMember<Member>> {
  /** Where it stands in `heap`. */
  place = -1
  due: number
  dueEpoch: number
  readonly interval: number
  limit: number
  readonly eager: boolean
  /** The heap that it is in, if any. */
  heap: DeadlineHeap<Cohort<Member>> | undefined = undefined
  #seats: (Member | undefined)[] = []
  /** All seats before this one are empty. */
  #head = 0
  #size = 0

  constructor(terms: CohortTerms) {
    this.due = terms.due
    this.dueEpoch = terms.dueEpoch
    this.interval = terms.interval
    this.limit = terms.limit
    this.eager = terms.eager
  }

  get size(): number {
    return this.#size
  }

  has(terms: CohortTerms): boolean {
    return (
      this.due === terms.due &&
      this.interval === terms.interval &&
      this.limit === terms.limit &&
      this.eager === terms.eager
    )
  }

  /** Takes in a member that is in no cohort. */
  add(member: Member): void {
    member.cohort = this
    member.seat = this.#seats.length
    this.#seats.push(member)
    this.#size += 1
  }

  /** Lets a member of it go; the last one takes the cohort out of its heap. */
  remove(member: Member): void {
    this.#seats[member.seat] = undefined
    member.cohort = undefined
    this.#size -= 1
    this.#afterLeaving()
  }

  /** Lets the first `count` members go. */
  take(count: number): Member[] {
    if (count >= this.#size && this.#size === this.#seats.length) return this.#takeAll()
    const taken: Member[] = []
    for (; taken.length < count && this.#head < this.#seats.length; this.#head++) {
      const member = this.#seats[this.#head]
      if (member === undefined) continue
      this.#seats[this.#head] = undefined
      member.cohort = undefined
      taken.push(member)
    }
    this.#size -= taken.length
    this.#afterLeaving()
    return taken
  }

  /** The members, first come first. */
  *members(): Generator<Member, void, undefined> {
    for (let seat = this.#head; seat < this.#seats.length; seat++) {
      const member = this.#seats[seat]
      if (member !== undefined) yield member
    }
  }

  /** Most often a cohort goes as it came. */
  #takeAll(): Member[] {
    const members = this.#seats.filter((member) => member !== undefined)
    for (const member of members) member.cohort = undefined
    this.#size = 0
    this.#afterLeaving()
    return members
  }

  #afterLeaving(): void {
    if (this.#size === 0) {
      this.heap?.remove(this)
      this.heap = undefined
      this.#seats = []
      this.#head = 0
    } else if (this.#seats.length > MIN_SEATS && this.#size * 2 < this.#seats.length) {
      this.#closeRanks()
    }
  }

  /** Amortised O(1): it takes as many departures as there are seats to get here. */
  #closeRanks(): void {
    const members = [...this.members()]
    for (const [seat, member] of members.entries()) member.seat = seat
    this.#seats = members
    this.#head = 0
  }
}
