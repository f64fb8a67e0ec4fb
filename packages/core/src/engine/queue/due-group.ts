import type { HeapNode } from './heap.ts'

/** A member of a group. Only the group changes `place`, `previous` and `next`. */
export interface GroupMember<Self extends GroupMember<Self>> {
  place: DueGroup<Self> | object | undefined
  /** The members of the group before and after it. */
  previous: Self | undefined
  next: Self | undefined
}

/** The heap that a group is in. */
interface GroupQueue<Member extends GroupMember<Member>> {
  remove(group: DueGroup<Member>): void
}

/**
 * Items that are due together because they went together: one node of the heap, however many they are, and a list of them,
 * first come, first served.
 */
export class DueGroup<Member extends GroupMember<Member>> implements HeapNode {
  index = -1
  /** ms on the cache's clock, as is `notBefore`. */
  due: number = Infinity
  /** The shortest wait of its members, ms: their interval, or the delay after a failure; 0 if it is not known (S5). */
  span = 0
  /** Earliest start, whatever is short of members (F2). */
  notBefore: number = -Infinity
  /** True while new members may still join: the batch window is open (S1). */
  isGathering = false
  /** True if a policy formed it: it goes as one batch (S7). */
  isFormed = false
  /** The retry group that its members belong to, if they were asked for while they were failing (S8). */
  source: RetryGroup<Member> | undefined
  /** The queue that it is in, if any. */
  queue: GroupQueue<Member> | undefined
  size = 0
  #first: Member | undefined
  #last: Member | undefined

  get first(): Member | undefined {
    return this.#first
  }

  /** Begins anew. Only for a group without members; everything from before is forgotten. */
  begin(due: number, span: number, notBefore: number): this {
    this.due = due
    this.span = span
    this.notBefore = notBefore
    this.isGathering = false
    this.isFormed = false
    this.source = undefined
    return this
  }

  /** Takes in a member that has no place. */
  add(member: Member): void {
    const last = this.#last
    if (last === undefined) this.#first = member
    else last.next = member
    member.previous = last
    member.place = this
    this.#last = member
    this.size += 1
  }

  /** Lets a member go. The last one takes the group out of its queue. */
  remove(member: Member): void {
    const { previous, next } = member
    if (previous === undefined) this.#first = next
    else previous.next = next
    if (next === undefined) this.#last = previous
    else next.previous = previous
    member.place = member.previous = member.next = undefined
    this.size -= 1
    if (this.size === 0) this.queue?.remove(this)
  }

  /** Lets the first `count` members go. */
  take(count: number): Member[] {
    const taken: Member[] = []
    let each = this.#first
    while (each !== undefined && taken.length < count) {
      const { next }: Member = each
      each.place = each.previous = each.next = undefined
      taken.push(each)
      each = next
    }
    this.#first = each
    if (each === undefined) this.#last = undefined
    else each.previous = undefined
    this.size -= taken.length
    if (this.size === 0) this.queue?.remove(this)
    return taken
  }

  /** The members, first come first. */
  members(): Member[] {
    const members: Member[] = []
    for (let each = this.#first; each !== undefined; each = each.next) members.push(each)
    return members
  }
}

/** A call that was refused by a `retryAfter`, and what became of its items. */
export interface Refusal {
  /** A call of some of its items succeeded: the others are refused for themselves. */
  isOver: boolean
}

/** Items of one failed call, which are retried together and apart from all others (F5); or one isolated item (F9). */
export class RetryGroup<Member extends GroupMember<Member>> extends DueGroup<Member> {
  /** Maximum items in one retry call. */
  readonly maxBatchSize: number
  /** Number of calls of these items that failed. */
  failedCalls: number
  /** True for one item that failed in a call of its own. */
  readonly isIsolated: boolean
  /** Those of its members that were asked for (S8). */
  asked: DueGroup<Member> | undefined
  /** The number of calls that had settled when its items began to fail. */
  since: number = 0
  /** What groups share whose items were refused in one call, by a `retryAfter` (F15). */
  refusal: Refusal | undefined

  /** The group that its member comes back to, if that waits apart for a while. */
  readonly origin: RetryGroup<Member> | undefined

  constructor(maxBatchSize: number, failedCalls: number, isIsolated: boolean, origin?: RetryGroup<Member>) {
    super()
    this.origin = origin
    this.maxBatchSize = maxBatchSize
    this.failedCalls = failedCalls
    this.isIsolated = isIsolated
  }
}

export function isRetryGroup<Member extends GroupMember<Member>>(
  group: DueGroup<Member> | undefined,
): group is RetryGroup<Member> {
  return group instanceof RetryGroup
}
