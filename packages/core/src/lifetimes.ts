import type { Entry } from './entry.ts'
import type { Moment } from './environment/clock.ts'
import type { ResolvedOptions } from './options.ts'
import { DeadlineHeap, type HeapNode } from './schedule/deadline-heap.ts'

/** What ends with the time: an age, a keeping, an interest. */
export type LifetimeEnd = 'expired' | 'terminal-ttl' | 'unobserved'

/** What is known of one entry. All times in monotonic ms. */
interface Lifetime<Item> extends HeapNode {
  readonly entry: Entry<Item>
  status: Entry<Item>['status']
  /** Since when it has this status. */
  settledAt: number
  /** Since when it has no subscriber; `Infinity` where it has one. */
  idleSince: number
}

/** Which entries are too old, were kept long enough, or interest nobody any more (W12). */
export interface Lifetimes<Item> {
  /** When the next time is up, monotonic ms. No timer waits for the age of what is not active (L5). */
  readonly firstDue: () => number
  /** The entry is new, or its status or its first subscriber is another than before. */
  readonly note: (entry: Entry<Item>) => void
  readonly forget: (entry: Entry<Item>) => void
  /** Says what is over by now. */
  readonly endDue: (now: number, end: (entry: Entry<Item>, how: LifetimeEnd) => void) => void
}

/** @param moment a reading of the clock, taken only where a lifetime has an end */
export function createLifetimes<Item>(
  { maxAge, terminalTtl, gcTime }: ResolvedOptions<Item>,
  moment: () => Moment,
): Lifetimes<Item> {
  const isEndless = Math.min(maxAge, terminalTtl, gcTime) === Infinity
  const heap = new DeadlineHeap<Lifetime<Item>>()
  const lifetimes = new Map<Entry<Item>, Lifetime<Item>>()

  /** When it has had its time, observed or not. */
  function overAt({ entry, settledAt }: Lifetime<Item>): number {
    return entry.status === 'active' ? entry.createdAt.now + maxAge : settledAt + terminalTtl
  }

  return {
    firstDue: () => heap.firstDue,
    note(entry) {
      if (isEndless) return
      const { now } = moment()
      const { status, subscribers } = entry
      const lifetime = lifetimes.get(entry) ?? {
        entry,
        status,
        settledAt: now,
        idleSince: Infinity,
        due: Infinity,
        place: -1,
      }
      lifetimes.set(entry, lifetime)
      if (lifetime.place >= 0) heap.remove(lifetime)
      if (lifetime.status !== status) lifetime.settledAt = now
      lifetime.status = status
      lifetime.idleSince = subscribers === undefined ? Math.min(lifetime.idleSince, now) : Infinity
      lifetime.due = Math.min(overAt(lifetime), lifetime.idleSince + gcTime)
      if (lifetime.due < Infinity) heap.push(lifetime)
    },
    forget(entry) {
      const lifetime = lifetimes.get(entry)
      if (lifetime === undefined) return
      lifetimes.delete(entry)
      if (lifetime.place >= 0) heap.remove(lifetime)
    },
    endDue(now, end) {
      for (let first = heap.first; first !== undefined && first.due <= now; first = heap.first) {
        heap.remove(first)
        const { entry } = first
        if (overAt(first) > now) end(entry, 'unobserved')
        else end(entry, entry.status === 'active' ? 'expired' : 'terminal-ttl')
      }
    },
  }
}
