import { DueGroup, type GroupMember } from './due-group.ts'
import { Heap } from './heap.ts'

/** Maximum groups kept for reuse: as many as leave in the usual calls, and some. */
const MAX_SPARE = 1000

/** A large odd number, which spreads numbers over 32 bits. */
const HASH = 2_654_435_761

/** True if two waits may share a group, which then has the shorter one: neither is more than twice the other. */
function areAlike(a: number, b: number): boolean {
  return a <= 2 * b && b <= 2 * a
}

/** A heap of due groups: the only way into it and out of it. */
export class DelayQueue<Member extends GroupMember<Member>> extends Heap<DueGroup<Member>> {
  /** The groups that were begun last, by a hash of their due time: what goes together is added to one. */
  readonly #latest: (DueGroup<Member> | undefined)[] = []
  /** Empty groups to begin anew: with an interval for each item, allocating groups would dominate a refresh. */
  readonly #spare: DueGroup<Member>[] = []

  /** Adds a member that has no place. `Infinity` means never: the member stays unscheduled. */
  add(member: Member, due: number, span: number = 0, notBefore: number = -Infinity): void {
    if (due === Infinity) return
    // The upper eight bits of the product: due times are multiples of powers of two.
    const slot = Math.imul(due, HASH) >>> 24
    const latest = this.#latest[slot]
    if (
      latest?.queue === this &&
      latest.due === due &&
      areAlike(latest.span, span) &&
      latest.notBefore === notBefore &&
      !latest.isGathering &&
      !latest.isFormed
    ) {
      latest.span = Math.min(latest.span, span)
      latest.add(member)
      return
    }
    const group = (this.#spare.pop() ?? new DueGroup<Member>()).begin(due, span, notBefore)
    group.add(member)
    this.#latest[slot] = group
    this.push(group)
  }

  override push(group: DueGroup<Member>): void {
    group.queue = this
    super.push(group)
  }

  override remove(group: DueGroup<Member>): void {
    group.queue = undefined
    super.remove(group)
    // Only groups that nobody else refers to are reused.
    const isOwn = group.constructor === DueGroup && !group.isGathering && group.source === undefined
    if (group.size === 0 && isOwn && this.#spare.length < MAX_SPARE) this.#spare.push(group)
  }

  /** Number of members that are due at a time. */
  countDue(by: number): number {
    return this.nodes().reduce((count, { due, size }) => (due <= by ? count + size : count), 0)
  }
}
