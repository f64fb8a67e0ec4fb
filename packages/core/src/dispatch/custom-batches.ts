import type { Batch, BatchEntry, ItemId } from '../auto-refresh.ts'
import { toBatchEntry, type Entry } from '../entry.ts'
import type { ResolvedOptions } from '../options.ts'
import { Cohort } from '../schedule/cohort.ts'
import type { Agenda } from '../schedule/agenda.ts'
import type { BatchSources } from './batches.ts'
import type { Requests } from './requests.ts'

/** Hands what is due to the application's `createBatches`, and puts back as whole batches what it makes of it (S7). */
export class CustomBatches<Item> {
  readonly #sources: BatchSources<Item>
  readonly #requests: Requests<Item>
  readonly #options: ResolvedOptions<Item>
  readonly #report: (error: unknown) => void
  readonly #touched: (entry: Entry<Item>) => void

  constructor(
    sources: BatchSources<Item>,
    requests: Requests<Item>,
    options: ResolvedOptions<Item>,
    report: (error: unknown) => void,
    touched: (entry: Entry<Item>) => void,
  ) {
    this.#sources = sources
    this.#requests = requests
    this.#options = options
    this.#report = report
    this.#touched = touched
  }

  /** Forms batches of all that is due and not formed yet. */
  form(now: number, epoch: number, admitsDue: boolean): void {
    const { due, urgent } = this.#sources
    const dueCohorts = [
      ...peek(urgent, (cohort) => cohort.due <= now),
      ...(admitsDue ? peek(due, (cohort) => cohort.due <= now) : []),
    ].filter((cohort) => !cohort.formed)
    dueCohorts.sort((a, b) => a.due - b.due)
    const dueEntries = dueCohorts.flatMap((cohort) => [...cohort.members()])
    if (dueEntries.length === 0) return
    const early = admitsDue ? this.#early(now, dueCohorts, dueEntries.length) : []

    const offered = new Map<ItemId, Entry<Item>>()
    for (const entry of [...dueEntries, ...early]) offered.set(entry.id, entry)
    for (const batch of this.#ask([...offered.values()])) this.#plan(batch, offered, now, epoch)

    const comeEarly = new Set(early)
    for (const entry of offered.values()) {
      if (!comeEarly.has(entry) && isPlanned(entry)) this.#postpone(entry, now, epoch)
    }
  }

  /** What may come early, as much as fills the last batch. */
  #early(now: number, dueCohorts: readonly Cohort<Entry<Item>>[], dueCount: number): Entry<Item>[] {
    const { batchSize, coalesce } = this.#options
    const room = Math.ceil(dueCount / batchSize) * batchSize - dueCount
    const reach = coalesce * Math.max(...dueCohorts.map((cohort) => cohort.interval))
    let count = 0
    const cohorts = peek(this.#sources.due, (cohort) => {
      if (cohort.due > now + reach || count >= room) return false
      if (cohort.due > now) count += cohort.size
      return true
    })
    return cohorts
      .filter((cohort) => {
        const wait = cohort.due - now
        return wait > 0 && cohort.eager && (cohort.interval === 0 || wait <= coalesce * cohort.interval)
      })
      .flatMap((cohort) => [...cohort.members()])
      .slice(0, room)
  }

  /** The ids of each batch that the application wants. */
  #ask(entries: readonly Entry<Item>[]): ItemId[][] {
    const { createBatches, batchSize } = this.#options
    const due = entries.map(toBatchEntry)
    try {
      const batches: Iterable<Batch<Item>> = createBatches === undefined ? [due] : createBatches(due)
      return Array.from(batches, (batch) => Array.from(batch, idOf))
    } catch (error) {
      this.#report(error)
      const count = Math.ceil(due.length / batchSize)
      return Array.from({ length: count }, (_, index) =>
        due.slice(index * batchSize, (index + 1) * batchSize).map(idOf),
      )
    }
  }

  /** Plans one batch for now, cut where one of its entries must go in a smaller one (F5). */
  #plan(ids: readonly ItemId[], offered: Map<ItemId, Entry<Item>>, now: number, dueEpoch: number): void {
    let limit = Infinity
    let chunk: Entry<Item>[] = []
    for (const id of ids) {
      const entry = offered.get(id)
      offered.delete(id)
      if (entry === undefined || !isPlanned(entry)) continue
      const own = entry.failures?.batchLimit ?? Infinity
      if (chunk.length + 1 > Math.min(limit, own)) {
        this.#put(chunk, limit, now, dueEpoch)
        chunk = []
        limit = Infinity
      }
      limit = Math.min(limit, own)
      chunk.push(entry)
    }
    this.#put(chunk, limit, now, dueEpoch)
  }

  #put(entries: readonly Entry<Item>[], limit: number, now: number, dueEpoch: number): void {
    if (entries.length === 0) return
    const cohort = new Cohort<Entry<Item>>({ due: now, dueEpoch, interval: 0, limit, eager: false }, true)
    for (const entry of entries) {
      entry.cohort?.remove(entry)
      cohort.add(entry)
      this.#touched(entry)
    }
    const isUrgent = entries.some((entry) => this.#requests.isWaiting(entry))
    this.#agenda(isUrgent).put(cohort)
  }

  #postpone(entry: Entry<Item>, now: number, epoch: number): void {
    const interval = entry.interval > 0 ? entry.interval : this.#options.retry.maxDelay
    entry.cohort?.remove(entry)
    this.#agenda(this.#requests.isWaiting(entry)).add(entry, {
      due: now + interval,
      dueEpoch: epoch + interval,
      interval: entry.interval,
      limit: entry.failures?.batchLimit ?? Infinity,
      eager: entry.failures === undefined,
    })
    this.#touched(entry)
  }

  #agenda(isUrgent: boolean): Agenda<Entry<Item>> {
    return isUrgent ? this.#sources.urgent : this.#sources.due
  }
}

function idOf<Item>(entry: BatchEntry<Item>): ItemId {
  return entry.id
}

/** Whether what was offered may still be sent: the application's function may have changed everything. */
function isPlanned<Item>(entry: Entry<Item>): boolean {
  return entry.cohort !== undefined && !entry.isDeleting
}

/** The first cohorts for which it holds, in the order in which they are due. They stay where they are. */
function peek<Item>(
  agenda: Agenda<Entry<Item>>,
  holds: (cohort: Cohort<Entry<Item>>) => boolean,
): Cohort<Entry<Item>>[] {
  const seen: Cohort<Entry<Item>>[] = []
  for (let first = agenda.first; first !== undefined && holds(first); first = agenda.first) {
    agenda.takeOut(first)
    seen.push(first)
  }
  for (const cohort of seen) agenda.put(cohort)
  return seen
}
