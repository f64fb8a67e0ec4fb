import type { ItemId } from '../auto-refresh.ts'
import type { Entry, RunningCall } from '../entry.ts'
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

type Source<Item> = Agenda<Entry<Item>>

/** Forms batches, each at the moment when it is sent: of what is due, oldest first, and what may come early (S4, S5). */
export class Batches<Item> {
  readonly #sources: BatchSources<Item>
  readonly #departed: ReadonlyMap<ItemId, RunningCall<Item>>
  readonly #batchSize: number
  readonly #coalesce: number
  readonly #onlyFormed: boolean

  /**
   * @param departed the ids whose removed incarnation is still in a running call
   * @param onlyFormed the application forms the batches
   */
  constructor(
    sources: BatchSources<Item>,
    departed: ReadonlyMap<ItemId, RunningCall<Item>>,
    options: { readonly batchSize: number; readonly coalesce: number },
    onlyFormed: boolean,
  ) {
    this.#sources = sources
    this.#departed = departed
    this.#batchSize = options.batchSize
    this.#coalesce = options.coalesce
    this.#onlyFormed = onlyFormed
  }

  /** When there is something to send next. */
  nextDue(admitsDue: boolean): number {
    const urgent = this.#sources.urgent.firstDue
    return admitsDue ? Math.min(urgent, this.#sources.due.firstDue) : urgent
  }

  /** The next batch, out of its agenda; empty where nothing is due. */
  next(now: number, bounds: BatchBounds): Entry<Item>[] {
    const batch: Entry<Item>[] = []
    const passedOver: { readonly source: Source<Item>; readonly cohort: Cohort<Entry<Item>> }[] = []
    let room = Math.min(bounds.limit, this.#batchSize)
    let areSuspects = false
    /** The widest interval of those due: nothing that is further away than its share of it may come early. */
    let reach = 0
    while (batch.length < room && passedOver.length < LOOK_AHEAD) {
      const source = this.#soonest(bounds.admitsDue)
      const cohort = source.first
      if (cohort === undefined) break
      const wait = cohort.due - now
      if (wait > 0 && (!bounds.fills || batch.length === 0 || wait > this.#coalesce * reach)) break
      const limit = Math.min(cohort.formed ? bounds.limit : room, cohort.limit)
      const isSuspect = cohort.limit !== Infinity
      const fits =
        (batch.length === 0 || (!cohort.formed && isSuspect === areSuspects && limit > batch.length)) &&
        (wait <= 0 || this.#mayComeEarly(cohort, wait)) &&
        (cohort.formed || !this.#onlyFormed)
      if (!fits) {
        source.takeOut(cohort)
        passedOver.push({ source, cohort })
        continue
      }
      room = limit
      areSuspects = isSuspect
      if (wait <= 0) reach = Math.max(reach, cohort.interval)
      this.#take(cohort, room - batch.length, batch)
      if (cohort.formed && batch.length > 0) break
    }
    for (const { source, cohort } of passedOver) source.put(cohort)
    return batch
  }

  #soonest(admitsDue: boolean): Source<Item> {
    const { due, urgent } = this.#sources
    return admitsDue && due.firstDue < urgent.firstDue ? due : urgent
  }

  #mayComeEarly(cohort: Cohort<Entry<Item>>, wait: number): boolean {
    return cohort.eager && (cohort.interval === 0 || wait <= this.#coalesce * cohort.interval)
  }

  /** Those whose id is still in a call of an earlier incarnation wait for its end instead (S3). */
  #take(cohort: Cohort<Entry<Item>>, count: number, batch: Entry<Item>[]): void {
    const { due, dueEpoch } = cohort
    if (this.#departed.size === 0) {
      cohort.take(count, batch)
      return
    }
    const taken: Entry<Item>[] = []
    cohort.take(count, taken)
    for (const entry of taken) {
      const call = this.#departed.get(entry.id)
      if (call === undefined) batch.push(entry)
      else call.park(entry, due, dueEpoch)
    }
  }
}
