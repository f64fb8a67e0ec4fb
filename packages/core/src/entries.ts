import type { DeleteReason, ItemId } from './auto-refresh.ts'
import type { Requests } from './dispatch/requests.ts'
import { OCCUPIED } from './dispatch/sync-call.ts'
import { Entry, isOvertaken, overtake, type RunningCall } from './entry.ts'
import type { Moment } from './environment/clock.ts'
import { AutoRefreshError, quote } from './errors.ts'
import { createLifetimes } from './lifetimes.ts'
import type { Events } from './observe/events.ts'
import type { Listeners } from './observe/listeners.ts'
import type { Counters } from './observe/stats.ts'
import type { ResolvedOptions } from './options.ts'
import { Eviction } from './policy/eviction.ts'
import type { RefreshPlan } from './refresh-plan.ts'

/** The rooms that what happens to an entry concerns. */
export interface EntryRooms<Item> {
  readonly options: ResolvedOptions<Item>
  /** A reading of the clock. */
  readonly moment: () => Moment
  /** Something in the entry's snapshot changed; `visible`: more than activity. */
  readonly touch: (entry: Entry<Item>, visible?: boolean) => void
  /** The time of the entry's next refresh may be another than before. */
  readonly replanned: (entry: Entry<Item>) => void
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
export interface Entries<Item> {
  /** The entries by id; changed only here. */
  readonly all: ReadonlyMap<ItemId, Entry<Item>>
  /** When the next lifetime is over, monotonic ms. */
  readonly nextEnd: () => number
  /** Notes that the application used it (W9). */
  readonly use: (entry: Entry<Item>) => void
  readonly create: (id: ItemId, item: Item) => Entry<Item>
  /** A local write (W3). */
  readonly write: (entry: Entry<Item>, item: Item) => void
  /**
   * A value that the source gave, by W7 and W8: what is terminal stays so.
   *
   * @param call what brought it; undefined: it was pushed
   * @returns whether it changed the item; undefined where it was refused
   */
  readonly accept: (
    entry: Entry<Item>,
    item: Item,
    moment: Moment,
    call: RunningCall | undefined,
  ) => boolean | undefined
  readonly remove: (entry: Entry<Item>, reason: DeleteReason | 'evicted') => void
  /** A call that the entry was in is over; the entry was removed meanwhile, and may be there again (S3). */
  readonly admitSuccessor: (entry: Entry<Item>) => void
  /** The call that it had to wait for is over, and brought it nothing. */
  readonly release: (entry: Entry<Item>) => void
  /** Marks it for deletion (W5). */
  readonly condemn: (entry: Entry<Item>) => void
  /** Whether it matters to any entry who observes it: mostly it does not, and then nobody need say. */
  readonly heedsSubscribers: boolean
  /** It got a subscriber (S9). */
  readonly observe: (entry: Entry<Item>, isFirst: boolean) => void
  /** Its last subscriber left. */
  readonly unobserve: (entry: Entry<Item>) => void
  /** Removes what was marked and whose time has come (W5), and ends the lifetimes that are over (W12). */
  readonly endDue: (moment: Moment) => void
  /** Asks the application whether an item will never change again; a throw counts as no (F7). */
  readonly isTerminal: (item: Item) => boolean
}

export function createEntries<Item>(rooms: EntryRooms<Item>): Entries<Item> {
  const { options, moment, touch, replanned, plan, requests, listeners, events, counters } = rooms
  const { name, capacity, maxAge } = options
  const all = new Map<ItemId, Entry<Item>>()
  /** The ids whose removed incarnation is still in a running call: a new one waits for its end (S3). */
  const departed = new Set<ItemId>()
  const lifetimes = createLifetimes(options, moment)
  let latestBirth: Moment | undefined
  const eviction = capacity === Infinity ? undefined : new Eviction<Entry<Item>>()

  function isTerminal(item: Item): boolean {
    try {
      return options.isTerminal(item)
    } catch (error) {
      events.report(error)
      return false
    }
  }

  /** Asks the application whether nothing changed; a throw counts as no (F7). */
  function areEqual(present: Item, item: Item): boolean {
    try {
      return options.equals(present, item)
    } catch (error) {
      events.report(error)
      return false
    }
  }

  /** One moment for all that are created within a millisecond: they fall due together, and keep one object alive. */
  function birth(): Moment {
    const at = moment()
    if (latestBirth?.epoch !== at.epoch || latestBirth.now + 1 <= at.now) latestBirth = at
    return latestBirth
  }

  function replace(entry: Entry<Item>, item: Item, at: Moment): void {
    const isNew = !Object.is(entry.item, item)
    entry.item = item
    if (!isNew) return
    entry.changedAt = at
    touch(entry, true)
    events.tell({ type: 'updated', id: entry.id, item })
  }

  /** It is of another kind than before. */
  function turn(entry: Entry<Item>, status: 'active' | 'terminal' | 'expired'): void {
    if (entry.status === status) return
    entry.status = status
    lifetimes.note(entry)
    eviction?.note(entry)
    touch(entry, true)
    if (status === 'active') return
    plan.withdraw(entry)
    events.tell({ type: status, id: entry.id, item: entry.item })
  }

  function revive(entry: Entry<Item>, at: Moment): void {
    turn(entry, 'active')
    if (entry.createdAt.now + maxAge <= at.now) turn(entry, 'expired')
    else plan.resume(entry, at)
  }

  function remove(entry: Entry<Item>, reason: DeleteReason | 'evicted'): void {
    const { id, item, call } = entry
    if (entry.status === 'missing') return
    all.delete(id)
    entry.status = 'missing'
    entry.snapshot = undefined
    entry.cohort?.remove(entry)
    if (call !== undefined && call !== OCCUPIED) departed.add(id)
    lifetimes.forget(entry)
    eviction?.delete(entry)
    listeners.leave(entry)
    requests.drop(entry, () => new AutoRefreshError('DELETED', `${name}: ${quote(id)} was removed`))
    events.tell(reason === 'evicted' ? { type: reason, id, item } : { type: 'deleted', id, item, reason })
  }

  function makeRoom(id: ItemId): void {
    const victim = eviction?.next()
    if (victim === undefined) {
      const why = `all ${capacity} items are observed or being refreshed`
      throw new AutoRefreshError('CAPACITY', `${name}: no room for ${quote(id)}: ${why}`)
    }
    counters.evictions += 1
    remove(victim, 'evicted')
  }

  function release(entry: Entry<Item>): void {
    entry.call = undefined
    if (requests.isWaiting(entry)) plan.ask(entry, moment())
    else plan.resume(entry, moment())
    replanned(entry)
  }

  return {
    all,
    heedsSubscribers: !options.refreshUnobserved || options.gcTime < Infinity || eviction !== undefined,
    isTerminal,
    remove,
    release,
    nextEnd: () => Math.min(lifetimes.firstDue(), plan.removals.firstDue),
    use: (entry) => eviction?.note(entry),
    create(id, item) {
      const isOver = isTerminal(item)
      // `isTerminal` is the application's: it may have created the id itself.
      const present = all.get(id)
      if (present !== undefined) return present
      if (all.size >= capacity) makeRoom(id)
      const at = birth()
      const entry = new Entry(id, item, at)
      all.set(id, entry)
      if (departed.has(id)) entry.call = OCCUPIED
      listeners.arrive(entry)
      events.tell({ type: 'created', id, item })
      lifetimes.note(entry)
      eviction?.note(entry)
      if (isOver) turn(entry, 'terminal')
      plan.begin(entry, at)
      return entry
    },
    write(entry, item) {
      const isOver = isTerminal(item)
      if (entry.status === 'missing') return
      const at = moment()
      entry.validator = undefined
      overtake(entry)
      replace(entry, item, at)
      if (isOver) turn(entry, 'terminal')
      else if (entry.status === 'terminal') revive(entry, at)
    },
    accept(entry, item, at, call) {
      const { item: present, validator } = entry
      const isEqual = areEqual(present, item)
      const isOver = !isEqual && isTerminal(item)
      // Both are the application's functions, and may have changed everything.
      const isSame = Object.is(entry.item, present) && entry.validator === validator
      if (!isSame || isOvertaken(entry, call) || entry.status === 'missing') return undefined
      if (!isEqual && entry.status === 'terminal' && !isOver) return undefined
      // What was pushed is newer than what a running call will bring.
      if (call === undefined) overtake(entry)
      if (isEqual) return false
      replace(entry, item, at)
      if (isOver) turn(entry, 'terminal')
      return true
    },
    admitSuccessor({ id }) {
      const successor = departed.delete(id) ? all.get(id) : undefined
      if (successor !== undefined) release(successor)
    },
    condemn(entry) {
      if (entry.isDeleting) return
      entry.isDeleting = true
      plan.condemn(entry, moment())
      touch(entry, true)
    },
    observe(entry, isFirst) {
      eviction?.note(entry)
      if (!isFirst) return
      lifetimes.note(entry)
      if (!options.refreshUnobserved) plan.resume(entry, moment())
    },
    unobserve(entry) {
      lifetimes.note(entry)
      eviction?.note(entry)
      if (!plan.admits(entry)) plan.withdraw(entry)
    },
    endDue(at) {
      const { removals } = plan
      for (let { first } = removals; first !== undefined && first.due <= at.now; first = removals.first) {
        for (const entry of first.members()) remove(entry, 'delayed')
      }
      lifetimes.endDue(at.now, (entry, how) => {
        if (how === 'expired') turn(entry, how)
        else remove(entry, how)
      })
    },
  }
}
