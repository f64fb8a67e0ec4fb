import type { Entry } from '../entry.ts'
import type { Moment } from '../environment/clock.ts'
import type { Agenda } from '../schedule/agenda.ts'
import type { Cohort } from '../schedule/cohort.ts'

/** How many cohorts that do not fit are looked past (S5: where intervals differ, a bounded look-ahead is enough). */
const LOOK_AHEAD = 32

/** Where the entries of a batch come from. */
export interface BatchSources<Item> {
  /** Planned by the clock. */
  readonly due: Agenda<Entry<Item>>
  /** Asked for by `refresh`. */
  readonly urgent: Agenda<Entry<Item>>
}

/** What bounds the next batch. */
export interface BatchBounds {
  /** The most entries. */
  readonly limit: number
  /** Whether what was planned by the clock may go; what was asked for always may. */
  readonly admitsDue: boolean
  /** Whether entries may come early to fill it. */
  readonly fills: boolean
}

/** What a batch maker that keeps nothing has kept. */
const NOTHING: readonly never[] = []

/** What forms the batches, each at the moment when it is sent. */
export interface BatchMaker<Item> {
  /** The next batch, taken out of its agenda; empty where nothing is due. */
  next(moment: Moment, bounds: BatchBounds): Entry<Item>[]
  /** When there is something to send next. */
  firstDue(admitsDue: boolean): number
  /** How many entries are due and wait. */
  countDue(now: number): number
  /** Lets go of what was formed and not sent: the cache was stopped. */
  forget(): readonly Entry<Item>[]
}

/** Whichever of the two has what is due first. */
export function soonest<Item>({ due, urgent }: BatchSources<Item>, admitsDue: boolean): Agenda<Entry<Item>> {
  return admitsDue && due.firstDue < urgent.firstDue ? due : urgent
}

/** Batches of what is due, oldest first, filled with what may come early (S4, S5). */
export class Batches<Item> implements BatchMaker<Item> {
  readonly #sources: BatchSources<Item>
  readonly #batchSize: number
  readonly #coalesce: number

  constructor(
    sources: BatchSources<Item>,
    options: { readonly batchSize: number; readonly coalesce: number },
  ) {
    this.#sources = sources
    this.#batchSize = options.batchSize
    this.#coalesce = options.coalesce
  }

  firstDue(admitsDue: boolean): number {
    return soonest(this.#sources, admitsDue).firstDue
  }

  countDue(now: number): number {
    return this.#sources.due.countDue(now) + this.#sources.urgent.countDue(now)
  }

  forget(): readonly Entry<Item>[] {
    return NOTHING
  }

  next({ now }: Moment, bounds: BatchBounds): Entry<Item>[] {
    let batch: Entry<Item>[] = []
    const passedOver: { readonly agenda: Agenda<Entry<Item>>; readonly cohort: Cohort<Entry<Item>> }[] = []
    let room = Math.min(bounds.limit, this.#batchSize)
    let areSuspects = false
    /** The widest interval of those due: nothing that is further away than its share of it may come early. */
    let reach = 0
    while (batch.length < room && passedOver.length < LOOK_AHEAD) {
      const agenda = soonest(this.#sources, bounds.admitsDue)
      const cohort = agenda.first
      if (cohort === undefined) break
      const wait = cohort.due - now
      if (wait > 0 && (!bounds.fills || batch.length === 0 || wait > this.#coalesce * reach)) break
      const limit = Math.min(room, cohort.limit)
      const isSuspect = cohort.limit !== Infinity
      const isCompany = batch.length === 0 || (isSuspect === areSuspects && limit > batch.length)
      if (!isCompany || (wait > 0 && !this.#mayComeEarly(cohort, wait))) {
        agenda.takeOut(cohort)
        passedOver.push({ agenda, cohort })
        continue
      }
      room = limit
      areSuspects = isSuspect
      if (wait <= 0) reach = Math.max(reach, cohort.interval)
      const taken = cohort.take(room - batch.length)
      if (batch.length === 0) batch = taken
      else for (const entry of taken) batch.push(entry)
    }
    for (const { agenda, cohort } of passedOver) agenda.put(cohort)
    return batch
  }

  #mayComeEarly(cohort: Cohort<Entry<Item>>, wait: number): boolean {
    return cohort.eager && (cohort.interval === 0 || wait <= this.#coalesce * cohort.interval)
  }
}
