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

/** What forms the batches, each at the moment when it is sent. */
export interface BatchMaker<Item> {
  /**
   * The next batch, taken out of its agenda; empty where nothing is due.
   *
   * @param limit the most entries
   * @param admitsDue whether what was planned by the clock may go; what was asked for always may
   * @param fills whether entries may come early to fill it
   */
  readonly next: (moment: Moment, limit: number, admitsDue: boolean, fills: boolean) => Entry<Item>[]
  /** When there is something to send next. */
  readonly firstDue: (admitsDue: boolean) => number
  /** How many entries are due and wait. */
  readonly countDue: (now: number) => number
  /** Lets go of what was formed and not sent: the cache was stopped. */
  readonly forget: () => readonly Entry<Item>[]
}

/** Whichever of the two has what is due first. */
export function soonest<Item>({ due, urgent }: BatchSources<Item>, admitsDue: boolean): Agenda<Entry<Item>> {
  return admitsDue && due.firstDue < urgent.firstDue ? due : urgent
}

/** Batches of what is due, oldest first, filled with what may come early (S4, S5). */
export function createBatches<Item>(
  sources: BatchSources<Item>,
  { batchSize, coalesce }: { readonly batchSize: number; readonly coalesce: number },
): BatchMaker<Item> {
  return {
    firstDue: (admitsDue) => soonest(sources, admitsDue).firstDue,
    countDue: (now) => sources.due.countDue(now) + sources.urgent.countDue(now),
    forget: () => [],
    next({ now }, limit, admitsDue, fills) {
      let batch: Entry<Item>[] = []
      const passedOver: [Agenda<Entry<Item>>, Cohort<Entry<Item>>][] = []
      let room = Math.min(limit, batchSize)
      let areSuspects = false
      /** The widest interval of those due: nothing that is further away than its share of it may come early. */
      let reach = 0
      while (batch.length < room && passedOver.length < LOOK_AHEAD) {
        const agenda = soonest(sources, admitsDue)
        const cohort = agenda.first
        if (cohort === undefined) break
        const { interval, isEager } = cohort
        const wait = cohort.due - now
        const isDue = wait <= 0
        if (!isDue && (!fills || wait > coalesce * reach)) break
        const isSuspect = cohort.limit !== Infinity
        const newRoom = Math.min(room, cohort.limit)
        const isCompany = batch.length === 0 || (isSuspect === areSuspects && newRoom > batch.length)
        if (!isCompany || !(isDue || (isEager && (interval === 0 || wait <= coalesce * interval)))) {
          agenda.remove(cohort)
          passedOver.push([agenda, cohort])
          continue
        }
        room = newRoom
        areSuspects = isSuspect
        if (isDue) reach = Math.max(reach, interval)
        const taken = cohort.take(room - batch.length)
        if (batch.length === 0) batch = taken
        else for (const entry of taken) batch.push(entry)
      }
      for (const [agenda, cohort] of passedOver) agenda.push(cohort)
      return batch
    },
  }
}
