import type { CreateBatchesFunction, ItemId } from '../auto-refresh.ts'
import { toBatchEntry, type Entry } from '../entry.ts'
import type { Moment } from '../environment/clock.ts'
import { Agenda } from '../schedule/agenda.ts'
import { Cohort } from '../schedule/cohort.ts'
import { OCCUPIED } from './sync-call.ts'
import { soonest, type BatchBounds, type BatchMaker, type BatchSources } from './batches.ts'

/** What the application's batches need of the house. */
export interface CustomBatchRooms<Item> {
  readonly createBatches: CreateBatchesFunction<Item>
  /** Whether it was asked for by `refresh`. */
  isAskedFor(entry: Entry<Item>): boolean
  /** Whether it is refreshed by the clock. */
  admits(entry: Entry<Item>): boolean
  /** Plans what was left out for one interval later. */
  postpone(entry: Entry<Item>): void
  /** Its next refresh is another than before. */
  touch(entry: Entry<Item>): void
  report(error: unknown): void
}

/** Hands what is due to the application's `createBatches`, and keeps what it makes of it until there is a slot (S7). */
export class CustomBatches<Item> implements BatchMaker<Item> {
  readonly #offers: BatchMaker<Item>
  readonly #rooms: CustomBatchRooms<Item>
  /** One cohort a batch. */
  readonly #formed: BatchSources<Item>

  /** @param offers forms the batches that there would be otherwise */
  constructor(offers: BatchMaker<Item>, rooms: CustomBatchRooms<Item>) {
    this.#offers = offers
    this.#rooms = rooms
    const changed = (): void => undefined
    this.#formed = { due: new Agenda(changed), urgent: new Agenda(changed) }
  }

  firstDue(admitsDue: boolean): number {
    return Math.min(this.#offers.firstDue(admitsDue), soonest(this.#formed, admitsDue).firstDue)
  }

  countDue(now: number): number {
    return this.#offers.countDue(now) + this.#formed.due.countDue(now) + this.#formed.urgent.countDue(now)
  }

  forget(): readonly Entry<Item>[] {
    const entries: Entry<Item>[] = []
    for (const agenda of [this.#formed.urgent, this.#formed.due]) {
      for (let first = agenda.first; first !== undefined; first = agenda.first) {
        entries.push(...first.take(first.size))
      }
    }
    return entries
  }

  next(moment: Moment, bounds: BatchBounds): Entry<Item>[] {
    this.#form(moment, bounds)
    const cohort = soonest(this.#formed, bounds.admitsDue).first
    const batch = cohort?.take(Math.min(bounds.limit, cohort.limit)) ?? []
    return batch.filter((entry) => this.#maySend(entry))
  }

  /** Offers all that is due. Until the application has divided it, it is planned nowhere. */
  #form(moment: Moment, { admitsDue, fills }: BatchBounds): void {
    const bounds = { limit: Infinity, admitsDue, fills }
    const offers: Entry<Item>[][] = []
    for (let offer = this.#offers.next(moment, bounds); offer.length > 0;) {
      offers.push(offer)
      offer = this.#offers.next(moment, bounds)
    }
    if (offers.length === 0) return
    const offered = offers.flat()
    for (const entry of offered) entry.call = OCCUPIED
    const batches = this.#divide(offers)
    for (const entry of offered) entry.call = undefined
    const free = new Map(offered.map((entry) => [entry.id, entry]))
    for (const ids of batches) {
      const batch: Entry<Item>[] = []
      for (const id of ids) {
        const entry = free.get(id)
        free.delete(id)
        if (entry !== undefined && this.#isFree(entry)) batch.push(entry)
      }
      this.#plan(batch, moment)
    }
    for (const entry of free.values()) {
      if (this.#isFree(entry)) this.#rooms.postpone(entry)
    }
  }

  /** The ids of each batch that the application wants. */
  #divide(offers: readonly (readonly Entry<Item>[])[]): ItemId[][] {
    try {
      const batches = this.#rooms.createBatches(offers.flat().map(toBatchEntry))
      return Array.from(batches, (batch) => Array.from(batch, ({ id }) => id))
    } catch (error) {
      this.#rooms.report(error)
      return offers.map((offer) => offer.map(({ id }) => id))
    }
  }

  /** Plans one batch for now, cut where an entry of it must go in a smaller one (F5). */
  #plan(entries: readonly Entry<Item>[], { now, epoch }: Moment): void {
    let cohort: Cohort<Entry<Item>> | undefined
    for (const entry of entries) {
      const limit = entry.failures?.batchLimit ?? Infinity
      if (cohort === undefined || cohort.size >= Math.min(cohort.limit, limit)) {
        cohort = new Cohort({ due: now, dueEpoch: epoch, interval: 0, limit, eager: false })
        const isUrgent = entries.some((each) => this.#rooms.isAskedFor(each))
        this.#formed[isUrgent ? 'urgent' : 'due'].put(cohort)
      }
      cohort.limit = Math.min(cohort.limit, limit)
      cohort.add(entry)
      this.#rooms.touch(entry)
    }
  }

  /** Whether the application's function, or what it called, left the entry to be planned. */
  #isFree(entry: Entry<Item>): boolean {
    return entry.cohort === undefined && this.#maySend(entry)
  }

  #maySend(entry: Entry<Item>): boolean {
    return this.#rooms.admits(entry) || this.#rooms.isAskedFor(entry)
  }
}
