import type { DeleteReason, ItemId } from './auto-refresh.ts'
import type { Requests } from './dispatch/requests.ts'
import { OCCUPIED } from './dispatch/sync-call.ts'
import { Entry, type RunningCall } from './entry.ts'
import { readMoment, type Clock, type Moment } from './environment/clock.ts'
import { AutoRefreshError, quote } from './errors.ts'
import { Lifetimes } from './lifetimes.ts'
import type { Events } from './observe/events.ts'
import type { Listeners } from './observe/listeners.ts'
import type { Counters } from './observe/stats.ts'
import type { ResolvedOptions } from './options.ts'
import { Eviction } from './policy/eviction.ts'
import type { RefreshPlan } from './refresh-plan.ts'

/** The rooms that what happens to an entry concerns. */
export interface EntryRooms<Item> {
  readonly options: ResolvedOptions<Item>
  readonly plan: RefreshPlan<Item>
  readonly requests: Requests<Item>
  readonly listeners: Listeners
  readonly events: Events<Item>
  readonly counters: Counters
}

/**
 * What is in the cache, and what becomes of it: created, written, terminal, expired, removed. Every such change goes
 * through here, and all rooms that it concerns learn of it here.
 */
export class Entries<Item> {
  /** The ids whose removed incarnation is still in a running call: a new one waits for its end (S3). */
  readonly #departed = new Map<ItemId, RunningCall>()
  readonly #map = new Map<ItemId, Entry<Item>>()
  readonly #lifetimes: Lifetimes<Item>
  readonly #eviction: Eviction<Entry<Item>> | undefined
  readonly #rooms: EntryRooms<Item>
  readonly #clock: Clock
  #latest: Moment | undefined = undefined

  constructor(rooms: EntryRooms<Item>) {
    this.#rooms = rooms
    this.#clock = rooms.options.clock
    this.#lifetimes = new Lifetimes(rooms.options)
    this.#eviction = rooms.options.capacity === Infinity ? undefined : new Eviction()
  }

  get size(): number {
    return this.#map.size
  }

  /** When the next lifetime is over, monotonic ms. */
  get nextEnd(): number {
    return this.#lifetimes.firstDue
  }

  get(id: ItemId): Entry<Item> | undefined {
    return this.#map.get(id)
  }

  ids(): IterableIterator<ItemId> {
    return this.#map.keys()
  }

  /** Notes that the application used it (W9). */
  use(entry: Entry<Item>): void {
    this.#eviction?.note(entry)
  }

  create(id: ItemId, item: Item): Entry<Item> {
    const { options, plan, listeners, events } = this.#rooms
    const isTerminal = this.isTerminal(item)
    // `isTerminal` is the application's: it may have created the id itself.
    const present = this.#map.get(id)
    if (present !== undefined) return present
    if (this.#map.size >= options.capacity) this.#makeRoom(id)
    const moment = this.moment()
    const entry = new Entry(id, item, moment)
    this.#map.set(id, entry)
    if (this.#departed.has(id)) entry.call = OCCUPIED
    listeners.arrive(id, entry)
    events.tell({ type: 'created', id, item })
    this.#lifetimes.begin(entry)
    if (isTerminal) this.#settle(entry, 'terminal', moment)
    this.#eviction?.note(entry)
    plan.begin(entry, moment)
    return entry
  }

  /** A local write (W3). */
  write(entry: Entry<Item>, item: Item): void {
    const isTerminal = this.isTerminal(item)
    if (entry.status === 'missing') return
    const moment = this.moment()
    entry.validator = undefined
    this.overtake(entry)
    this.#replace(entry, item, moment)
    if (isTerminal) this.#settle(entry, 'terminal', moment)
    else if (entry.status === 'terminal') this.#revive(entry, moment)
  }

  /**
   * A value that the source gave, by W7 and W8: what is terminal stays so.
   *
   * @returns whether it changed the item; undefined where it was refused
   */
  accept(entry: Entry<Item>, item: Item, moment: Moment): boolean | undefined {
    const { item: present, validator, isOvertaken } = entry
    const isEqual = this.#areEqual(present, item)
    const isTerminal = !isEqual && this.isTerminal(item)
    // Both are the application's functions, and may have changed everything.
    const isSame = entry.validator === validator && entry.isOvertaken === isOvertaken
    if (!isSame || !Object.is(entry.item, present) || entry.status === 'missing') return undefined
    if (isEqual) return false
    if (entry.status === 'terminal' && !isTerminal) return undefined
    this.#replace(entry, item, moment)
    if (isTerminal) this.#settle(entry, 'terminal', moment)
    return true
  }

  /** A write of it came while it is in a call: what the call brings is out of date (W6). */
  overtake(entry: Entry<Item>): void {
    if (entry.call !== undefined) entry.isOvertaken = true
  }

  remove(entry: Entry<Item>, reason: DeleteReason | 'evicted'): void {
    const { requests, listeners, events, options } = this.#rooms
    const { id, item, call } = entry
    if (entry.status === 'missing') return
    this.#map.delete(id)
    entry.status = 'missing'
    entry.snapshot = undefined
    entry.cohort?.remove(entry)
    if (call !== undefined && call !== OCCUPIED) this.#departed.set(id, call)
    this.#lifetimes.end(entry)
    this.#eviction?.delete(entry)
    listeners.leave(id, entry)
    requests.drop(entry, () => new AutoRefreshError('DELETED', `${options.name}: ${quote(id)} was removed`))
    events.tell(reason === 'evicted' ? { type: reason, id, item } : { type: 'deleted', id, item, reason })
  }

  /** A call that the entry was in is over; the entry was removed meanwhile, and may be there again (S3). */
  admitSuccessor({ id }: Entry<Item>, call: RunningCall): void {
    if (this.#departed.get(id) !== call) return
    this.#departed.delete(id)
    const successor = this.#map.get(id)
    if (successor !== undefined) this.release(successor)
  }

  /** The call that it had to wait for is over, and brought it nothing. */
  release(entry: Entry<Item>): void {
    const { plan, requests } = this.#rooms
    entry.call = undefined
    if (requests.isWaiting(entry)) plan.ask(entry, this.moment())
    else plan.resume(entry, this.moment())
    this.touch(entry, false)
  }

  /** Marks it for deletion (W5). */
  condemn(entry: Entry<Item>): void {
    if (entry.isDeleting) return
    entry.isDeleting = true
    this.#rooms.plan.condemn(entry, this.moment())
    this.touch(entry, true)
  }

  /** Removes what was marked, and whose time has come (W5). */
  removeCondemned(now: number): void {
    const { removals } = this.#rooms.plan
    for (let cohort = removals.first; cohort !== undefined && cohort.due <= now; cohort = removals.first) {
      for (const entry of [...cohort.members()]) this.remove(entry, 'delayed')
    }
  }

  /** It got a subscriber (S9). */
  observe(entry: Entry<Item>, isFirst: boolean): void {
    this.#eviction?.note(entry)
    if (!isFirst) return
    this.#lifetimes.observe(entry)
    if (this.#rooms.options.refreshUnobserved) return
    if (this.#rooms.plan.resume(entry, this.moment())) this.touch(entry, false)
  }

  /** Its last subscriber left. */
  unobserve(entry: Entry<Item>): void {
    this.#lifetimes.unobserve(entry, this.#clock.now())
    this.#eviction?.note(entry)
    if (this.#rooms.plan.admits(entry)) return
    if (this.#rooms.plan.withdraw(entry)) this.touch(entry, false)
  }

  /** Ends what is over by now (W12). */
  endLifetimes(moment: Moment): void {
    const { now } = moment
    const lifetimes = this.#lifetimes
    for (let entry = lifetimes.takeAged(now); entry !== undefined; entry = lifetimes.takeAged(now)) {
      if (entry.status === 'active') this.#settle(entry, 'expired', moment)
    }
    for (let entry = lifetimes.takeKept(now); entry !== undefined; entry = lifetimes.takeKept(now)) {
      this.remove(entry, 'terminal-ttl')
    }
    for (let entry = lifetimes.takeUnobserved(now); entry !== undefined;) {
      this.remove(entry, 'unobserved')
      entry = lifetimes.takeUnobserved(now)
    }
  }

  /** Something in the snapshot changed; `visible`: more than activity. */
  touch(entry: Entry<Item>, visible: boolean): void {
    entry.snapshot = undefined
    if (entry.subscribers !== undefined) this.#rooms.listeners.tell(entry, visible)
  }

  /** Asks the application whether an item will never change again; a throw counts as no (F7). */
  isTerminal(item: Item): boolean {
    const { options, events } = this.#rooms
    return events.guard(() => options.isTerminal(item), false)
  }

  /** A reading of the clock; one object for all readings that are the same. */
  moment(): Moment {
    const moment = readMoment(this.#clock)
    if (moment.now !== this.#latest?.now || moment.epoch !== this.#latest.epoch) this.#latest = moment
    return this.#latest
  }

  #replace(entry: Entry<Item>, item: Item, moment: Moment): void {
    const isNew = !Object.is(entry.item, item)
    entry.item = item
    if (!isNew) return
    entry.changedAt = moment
    this.touch(entry, true)
    this.#rooms.events.tell({ type: 'updated', id: entry.id, item })
  }

  #settle(entry: Entry<Item>, status: 'terminal' | 'expired', moment: Moment): void {
    if (entry.status === status) return
    const { plan, events } = this.#rooms
    this.#lifetimes.settle(entry, moment.now)
    entry.status = status
    plan.withdraw(entry)
    this.#eviction?.note(entry)
    this.touch(entry, true)
    events.tell({ type: status, id: entry.id, item: entry.item })
  }

  #revive(entry: Entry<Item>, moment: Moment): void {
    this.#lifetimes.revive(entry)
    entry.status = 'active'
    this.#eviction?.note(entry)
    this.touch(entry, true)
    if (this.#lifetimes.isTooOld(entry, moment.now)) this.#settle(entry, 'expired', moment)
    else this.#rooms.plan.resume(entry, moment)
  }

  #areEqual(previous: Item, next: Item): boolean {
    const { options, events } = this.#rooms
    return events.guard(() => options.equals(previous, next), false)
  }

  #makeRoom(id: ItemId): void {
    const { options, counters } = this.#rooms
    const victim = this.#eviction?.next()
    if (victim === undefined) {
      throw new AutoRefreshError(
        'CAPACITY',
        `${options.name}: no room for ${quote(id)}: all ${options.capacity} items are observed or being refreshed`,
      )
    }
    counters.evictions += 1
    this.remove(victim, 'evicted')
  }
}
