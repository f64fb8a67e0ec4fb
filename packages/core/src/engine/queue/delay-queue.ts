import { DueGroup, type GroupMember } from './due-group.ts'
import { Heap } from './heap.ts'

/** Maximum groups kept for reuse: as many as leave in the usual calls, and some. */
const MAX_SPARE = 1000

/** A heap of due groups: the only way into it and out of it. */
export class DelayQueue<Member extends GroupMember<Member>> extends Heap<DueGroup<Member>> {
  /** True if being due here means a refresh; false if it means a removal. */
  readonly isRefresh: boolean
  /** The group that was begun last: items that went together come one after the other. */
  #latest: DueGroup<Member> | undefined = undefined
  /** Empty groups to begin anew: with an interval for each item, allocating groups would dominate a refresh. */
  readonly #spare: DueGroup<Member>[] = []

  constructor(isRefresh: boolean) {
    super()
    this.isRefresh = isRefresh
  }

  /** Adds a member that has no place. `Infinity` means never: the member stays unscheduled. */
  add(
    member: Member,
    due: number,
    span: number = 0,
    notBefore: number = -Infinity,
    isFailed: boolean = false,
  ): void {
    if (due === Infinity) return
    const latest = this.#latest
    if (
      latest?.queue === this &&
      latest.due === due &&
      latest.span === span &&
      latest.notBefore === notBefore &&
      latest.isFailed === isFailed &&
      !latest.isGathering &&
      !latest.isFormed
    ) {
      latest.add(member)
      return
    }
    const group = (this.#spare.pop() ?? new DueGroup<Member>()).begin(due, span, notBefore, isFailed)
    group.add(member)
    this.#latest = group
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
