import type { Moment } from '../environment/clock.ts'
import { Cohort, type CohortMember } from './cohort.ts'
import { DeadlineHeap } from './deadline-heap.ts'

/** ms by which the two clocks differ at the least where somebody set one, or it stood; less is how clocks are read. */
export const CLOCK_WAS_SET = 1000

/** As many as leave in the usual calls, and some. */
const MOST_ENDED = 1000

/** One kind of appointment: a heap of cohorts. What is due goes here, and leaves here, and nothing else is kept. */
export class Agenda<Member extends CohortMember<Member>> extends DeadlineHeap<Cohort<Member>> {
  /** The cohort that was planned last: items that went together come one after the other. */
  #latest: Cohort<Member> | undefined = undefined
  /**
   * Cohorts that have ended, to be begun again: where every item has an interval of its own, new ones would cost more than all
   * else that a refresh does.
   */
  readonly #ended: Cohort<Member>[] = []

  /** Plans a member that is planned nowhere. Never is not a time: then it stays unplanned. */
  plan(member: Member, due: number, { now, epoch }: Moment): void {
    if (due === Infinity) return
    const latest = this.#latest
    const dueEpoch = epoch + (due - now)
    if (latest?.heap === this && latest.suits(member, due, dueEpoch)) {
      latest.add(member)
      return
    }
    this.#latest = (this.#ended.pop() ?? new Cohort<Member>()).begin(member, due, dueEpoch)
    this.push(this.#latest)
  }

  override push(cohort: Cohort<Member>): void {
    cohort.heap = this
    super.push(cohort)
  }

  override remove(cohort: Cohort<Member>): void {
    cohort.heap = undefined
    super.remove(cohort)
    // One that waits for company is known to others, and must stay what it is.
    if (cohort.size === 0 && !cohort.isGathering && this.#ended.length < MOST_ENDED) this.#ended.push(cohort)
  }

  /** How many members are due by then. */
  countDue(by: number): number {
    return this.nodes().reduce((count, { due, size }) => (due <= by ? count + size : count), 0)
  }

  /**
   * Lets the two clocks go together from now on (T2), after a sleep of `ahead` ms or at a new beginning: makes due, in the order
   * in which they would have been, all that will be within `ahead` ms and is overdue by the wall clock. What was planned after
   * the sleep is not; what is not due is so by the monotonic clock.
   *
   * @param replanned called for each whose time on the wall clock is another now
   */
  synchronize({ now, epoch }: Moment, ahead: number, replanned: (member: Member) => void): void {
    for (const cohort of this.nodes()) {
      const dueEpoch = epoch + (cohort.due - now)
      if (cohort.due <= now + ahead && cohort.dueEpoch <= epoch) {
        cohort.due -= ahead
        this.update(cohort)
      } else if (Math.abs(cohort.dueEpoch - dueEpoch) >= CLOCK_WAS_SET) {
        cohort.dueEpoch = dueEpoch
        cohort.members().forEach(replanned)
      }
    }
  }
}
