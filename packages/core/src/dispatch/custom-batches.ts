import type { CreateBatchesFunction, ItemId } from '../auto-refresh.ts'
import { toBatchEntry, type Entry } from '../entry.ts'
import type { Moment } from '../environment/clock.ts'
import type { Events } from '../observe/events.ts'
import { Agenda } from '../schedule/agenda.ts'
import { Cohort } from '../schedule/cohort.ts'
import { soonest, type BatchMaker, type BatchSources } from './batches.ts'
import type { Requests } from './requests.ts'
import { OCCUPIED } from './sync-call.ts'

/** What the application's batches need of the house. */
export interface CustomBatchRooms<Item> {
  readonly requests: Requests<Item>
  readonly events: Events<Item>
  readonly plan: {
    /** Whether it is refreshed by the clock. */
    readonly admits: (entry: Entry<Item>) => boolean
    /** Plans what was left out for one interval later. */
    readonly postpone: (entry: Entry<Item>, moment: Moment) => void
  }
  /** Its next refresh may be another than before. */
  readonly replanned: (entry: Entry<Item>) => void
}

/**
 * Hands what is due to the application's `createBatches`, and keeps what it makes of it until there is a slot (S7).
 *
 * @param offers forms the batches that there would be otherwise
 */
export function createCustomBatches<Item>(
  offers: BatchMaker<Item>,
  createBatches: CreateBatchesFunction<Item>,
  { requests, events, plan, replanned }: CustomBatchRooms<Item>,
): BatchMaker<Item> {
  /** One cohort a batch. */
  const formed: BatchSources<Item> = { due: new Agenda(), urgent: new Agenda() }

  /** Offers all that is due. Until the application has divided it, it is planned nowhere. */
  function form(moment: Moment, admitsDue: boolean, fills: boolean): void {
    const offered: Entry<Item>[][] = []
    for (;;) {
      const offer = offers.next(moment, Infinity, admitsDue, fills)
      if (offer.length === 0) break
      offered.push(offer)
    }
    const entries = offered.flat()
    if (entries.length === 0) return
    for (const entry of entries) entry.call = OCCUPIED
    const batches = divide(entries, offered)
    for (const entry of entries) entry.call = undefined
    const left = new Map(entries.map((entry) => [entry.id, entry]))
    for (const ids of batches) {
      const batch: Entry<Item>[] = []
      for (const id of ids) {
        const entry = left.get(id)
        left.delete(id)
        if (entry !== undefined && isFree(entry)) batch.push(entry)
      }
      keep(batch, moment)
    }
    for (const entry of left.values()) {
      if (isFree(entry)) plan.postpone(entry, moment)
    }
  }

  /** The ids of each batch that the application wants. */
  function divide(
    entries: readonly Entry<Item>[],
    otherwise: readonly (readonly Entry<Item>[])[],
  ): readonly ItemId[][] {
    const idsOf = (batch: Iterable<{ readonly id: ItemId }>): ItemId[] => Array.from(batch, ({ id }) => id)
    try {
      return Array.from(createBatches(entries.map(toBatchEntry)), idsOf)
    } catch (error) {
      events.report(error)
      return otherwise.map(idsOf)
    }
  }

  /** Keeps one batch, cut where an entry of it must go in a smaller one (F5). */
  function keep(batch: readonly Entry<Item>[], { now, epoch }: Moment): void {
    const agenda = batch.some(requests.isWaiting) ? formed.urgent : formed.due
    let cohort: Cohort<Entry<Item>> | undefined
    for (const entry of batch) {
      const limit = entry.failures?.batchLimit ?? Infinity
      if (cohort !== undefined && cohort.size < Math.min(cohort.limit, limit)) {
        cohort.limit = Math.min(cohort.limit, limit)
        cohort.add(entry)
      } else {
        cohort = new Cohort<Entry<Item>>().begin(entry, now, epoch)
        agenda.push(cohort)
      }
      replanned(entry)
    }
  }

  /** Whether the application's function, or what it called, left the entry to be planned. */
  function isFree(entry: Entry<Item>): boolean {
    return entry.cohort === undefined && maySend(entry)
  }

  function maySend(entry: Entry<Item>): boolean {
    return plan.admits(entry) || requests.isWaiting(entry)
  }

  return {
    firstDue: (admitsDue) => Math.min(offers.firstDue(admitsDue), soonest(formed, admitsDue).firstDue),
    countDue: (now) => offers.countDue(now) + formed.due.countDue(now) + formed.urgent.countDue(now),
    forget: () =>
      [formed.urgent, formed.due].flatMap((agenda) =>
        agenda.nodes().flatMap((cohort) => cohort.take(cohort.size)),
      ),
    next(moment, limit, admitsDue, fills) {
      form(moment, admitsDue, fills)
      const { first } = soonest(formed, admitsDue)
      return first?.take(Math.min(limit, first.limit)) ?? []
    },
  }
}
