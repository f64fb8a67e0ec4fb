import type { DeadlineHeap, HeapNode } from './deadline-heap.ts'

/** What a cohort groups. Only the cohort changes the first two fields. */
export interface CohortMember<Self extends CohortMember<Self>> {
  cohort: Cohort<Self> | undefined
  /** The index in the cohort. */
  seat: number
  /** ms between two refreshes; 0 where it is not known yet. */
  readonly interval: number
  readonly failures: { readonly batchLimit: number } | undefined
}

/** Below this many seats, empty ones are left alone. */
const MIN_SEATS = 64

/**
 * Items that are due together, because they went together: one node of the heap however many they are. Members leave in
 * the order in which they came; one that leaves out of turn leaves an empty seat.
 */
export class Cohort<Member extends CohortMember<Member>> implements HeapNode {
  place = -1
  /** Monotonic ms. */
  due: number
  /** The same on the wall clock, ms since 1970. */
  dueEpoch: number
  /** That of its members, ms. */
  readonly interval: number
  /** The most items that a batch with one of these may have (F5); `Infinity` for none but the usual. */
  limit: number
  /** Whether its members may go before their time to fill a batch (S5): those that wait after a failure may not. */
  readonly isEager: boolean
  /** The heap that it is in, if any. */
  heap: DeadlineHeap<Cohort<Member>> | undefined = undefined
  size = 0
  #seats: (Member | undefined)[]
  /** All seats before this one are empty. */
  #head = 0

  /** @param first the first member; what it is, all are */
  constructor(first: Member, due: number, dueEpoch: number) {
    this.due = due
    this.dueEpoch = dueEpoch
    this.interval = first.interval
    this.limit = first.failures?.batchLimit ?? Infinity
    this.isEager = first.failures === undefined
    // Of this length, for most cohorts of items with intervals of their own stay alone.
    this.#seats = [first]
    this.#seat(first, 0)
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
    this.#seat(member, this.#seats.push(member) - 1)
  }

  /** Lets a member of it go; the last one takes the cohort out of its heap. */
  remove(member: Member): void {
    this.#seats[member.seat] = undefined
    member.cohort = undefined
    this.#shrink(1)
  }

  /** Lets the first `count` members go. */
  take(count: number): Member[] {
    const taken: Member[] = []
    while (taken.length < count && this.#head < this.#seats.length) {
      const member = this.#seats[this.#head]
      this.#seats[this.#head] = undefined
      this.#head += 1
      if (member === undefined) continue
      member.cohort = undefined
      taken.push(member)
    }
    this.#shrink(taken.length)
    return taken
  }

  /** The members, first come first. */
  members(): Member[] {
    return this.#seats.filter((member) => member !== undefined)
  }

  #seat(member: Member, seat: number): void {
    member.cohort = this
    member.seat = seat
    this.size += 1
  }

  #shrink(by: number): void {
    this.size -= by
    if (this.size === 0) {
      this.heap?.remove(this)
    } else if (this.#seats.length > MIN_SEATS && this.size * 2 < this.#seats.length) {
      // Amortised O(1): it takes as many departures as there are seats to get here.
      const members = this.members()
      this.size = 0
      this.#seats = members
      this.#head = 0
      for (const [seat, member] of members.entries()) this.#seat(member, seat)
    }
  }
}
