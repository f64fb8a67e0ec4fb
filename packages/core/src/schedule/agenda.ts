import type { Moment } from '../environment/clock.ts'
import { Cohort, type CohortMember, type CohortTerms } from './cohort.ts'
import { DeadlineHeap } from './deadline-heap.ts'

/** One kind of appointment: a heap of cohorts. What is due goes here, and leaves here, and nothing else is kept. */
export class Agenda<Member extends CohortMember<Member>> {
  readonly #heap = new DeadlineHeap<Cohort<Member>>()
  readonly #changed: () => void
  /** The cohort that was planned last: items that went together come one after the other. */
  #latest: Cohort<Member> | undefined = undefined

  /** @param changed called when a cohort was added: the timer may have to be set anew */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  get first(): Cohort<Member> | undefined {
    return this.#heap.first
  }

  get firstDue(): number {
    return this.#heap.firstDue
  }

  /** Plans a member that is planned nowhere. Never is not a time: then it stays unplanned. */
  add(member: Member, terms: CohortTerms): Cohort<Member> | undefined {
    if (terms.due === Infinity) return undefined
    const latest = this.#latest
    if (latest !== undefined && latest.heap === this.#heap && latest.has(terms)) {
      latest.add(member)
      return latest
    }
    const cohort = this.addAlone(member, terms)
    this.#latest = cohort
    return cohort
  }

  /** The same, in a cohort that nobody joins unasked. */
  addAlone(member: Member, terms: CohortTerms): Cohort<Member> {
    const cohort = new Cohort<Member>(terms)
    cohort.add(member)
    this.put(cohort)
    this.#changed()
    return cohort
  }

  /** Puts in a cohort that is in no heap. */
  put(cohort: Cohort<Member>): void {
    cohort.heap = this.#heap
    this.#heap.push(cohort)
  }

  /** Takes out a whole cohort of this agenda, for a look at what is behind it. */
  takeOut(cohort: Cohort<Member>): void {
    this.#heap.remove(cohort)
    cohort.heap = undefined
  }

  /** Brings a cohort forward. */
  hasten(cohort: Cohort<Member>, due: number): void {
    cohort.due = due
    this.#heap.update(cohort)
    this.#changed()
  }

  /** How many members are due by then. */
  countDue(by: number): number {
    let count = 0
    this.#heap.visitDue(by, (cohort) => {
      count += cohort.size
    })
    return count
  }

  /**
   * Makes due, in the order in which they would have been, all that will be within `ahead` ms and is overdue by the wall
   * clock: what was planned after the sleep is not.
   */
  bringForward({ now, epoch }: Moment, ahead: number): void {
    const overdue: Cohort<Member>[] = []
    this.#heap.visitDue(now + ahead, (cohort) => overdue.push(cohort))
    for (const cohort of overdue) {
      if (cohort.due > now && cohort.dueEpoch <= epoch) this.hasten(cohort, cohort.due - ahead)
    }
  }
}
