import type { Moment } from '../environment/clock.ts'
import { Cohort, type CohortMember } from './cohort.ts'
import { DeadlineHeap } from './deadline-heap.ts'

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
   * Makes due, in the order in which they would have been, all that will be within `ahead` ms and is overdue by the wall
   * clock: what was planned after the sleep is not.
   */
  bringForward({ now, epoch }: Moment, ahead: number): void {
    for (const cohort of this.nodes()) {
      if (cohort.due > now + ahead || cohort.dueEpoch > epoch) continue
      cohort.due -= ahead
      this.update(cohort)
    }
  }
}
