import type { Timestamp } from '../environment/clock.ts'
import type { IntervalOption } from '../options.ts'
import { itemFailureDelay, refreshDue, spread } from './backoff.ts'
import { addFailure, evaluateFirstInterval, evaluateInterval } from './interval.ts'
import { isWaitedFor } from './pending-refreshes.ts'
import { DueGroup, type RetryGroup } from './queue/due-group.ts'
import { dropSnapshot } from './snapshot.ts'
import { BLOCKED, Call, dueOf, type Entry, isRefreshable } from './entry.ts'
import type { State } from './state.ts'

/** ms; timers know nothing shorter, and a shorter interval would never let go of the processor. */
const SHORTEST_DELAY = 1

/** ms by which a policy's batches put off an item whose interval is endless. */
const LONGEST_WAIT = 60_000

/** Entries that settle together: they share one random number, and so stay together (S5). */
export interface Settlement {
  readonly at: Timestamp
  /** At least 0 and below 1. */
  readonly draw: number
}

/** True if the entry is in a call or waits for one: it is due, or new and waits only for others (C2). */
export function isInProcessing<Item>({ time }: State<Item>, entry: Entry<Item>): boolean {
  const { place } = entry
  if (place instanceof DueGroup) return place.isGathering || dueOf(entry) <= time.read().now
  return place !== undefined
}

/** Schedules a new entry (S1, P1). */
export function scheduleFirst<Item>(state: State<Item>, entry: Entry<Item>): void {
  const { syncOnCreate, batchWindow } = state.options
  const isAtOnce = syncOnCreate || entry.status === 'pending'
  if (typeof state.interval === 'number') entry.interval = state.interval
  else if (!isAtOnce && isRefreshable(entry)) evaluateFirstInterval(state, entry)
  if (isAtOnce && batchWindow > 0 && entry.place === undefined && isRefreshable(entry)) gather(state, entry)
  else reschedule(state, entry)
}

/** Lets a new entry wait for others: within a window of the first, or until a batch is full (S1). */
function gather<Item>(state: State<Item>, entry: Entry<Item>): void {
  const { batchWindow, batchSize } = state.options
  const { now } = state.time.read()
  const { batchWindows } = state
  const kind = entry.status === 'pending' ? 0 : 1
  const isOpen = (each: DueGroup<Entry<Item>> | undefined): each is DueGroup<Entry<Item>> =>
    each?.queue !== undefined && now < each.due
  let window = batchWindows[kind]
  if (!isOpen(window)) {
    const other = batchWindows[1 - kind]
    const due = isOpen(other) ? other.due : now + batchWindow
    window = new DueGroup<Entry<Item>>().begin(due, entry.interval, -Infinity)
    window.isGathering = true
    window.add(entry)
    batchWindows[kind] = window
    queueOf(state, entry).push(window)
  } else {
    window.add(entry)
  }
  dropSnapshot(state, entry)
  if (window.size < batchSize) return
  window.due = now
  queueOf(state, entry).update(window)
  for (const member of window.members()) dropSnapshot(state, member)
}

/** The queue of a normal refresh by the clock. */
export function queueOf<Item>(
  state: State<Item>,
  { status, refreshedAt, failures }: Entry<Item>,
): State<Item>['due'] {
  const isFirst = status === 'pending' && refreshedAt === undefined && failures === undefined
  return isFirst ? state.firstFetches : state.due
}

/** Schedules an entry that has no place where it belongs by what is known of it: one revived, observed, or let go. */
export function reschedule<Item>(state: State<Item>, entry: Entry<Item>): void {
  if (entry.place !== undefined) return
  findPlace(state, entry)
  if (dueOf(entry) < Infinity) dropSnapshot(state, entry)
}

function findPlace<Item>(state: State<Item>, entry: Entry<Item>): void {
  if (isRefreshable(entry)) {
    const { failures } = entry
    if (failures?.retryGroup !== undefined) joinRetryGroup(state, entry, failures.retryGroup)
    else scheduleByInterval(state, entry)
  }
  if (isWaitedFor(state, entry)) scheduleNow(state, entry)
}

function scheduleByInterval<Item>(state: State<Item>, entry: Entry<Item>): void {
  const { refreshedAt, createdAt, failures, status, interval } = entry
  const isAtOnce = refreshedAt === undefined && (state.options.syncOnCreate || status === 'pending')
  const byInterval = (refreshedAt ?? createdAt).now + (isAtOnce ? 0 : interval)
  const retryTime = failures?.retryTime ?? -Infinity
  // Failures delay, they never stop: with an endless interval, too (F16).
  const isEndless = failures !== undefined && byInterval === Infinity
  const due = Math.max(isEndless ? createdAt.now : byInterval, retryTime)
  queueOf(state, entry).add(entry, due, interval, failures?.retryTime)
}

function joinRetryGroup<Item>(state: State<Item>, entry: Entry<Item>, group: RetryGroup<Entry<Item>>): void {
  group.add(entry)
  if (group.queue === undefined) state.retries.push(group)
}

/** Schedules an entry that has settled, or was pushed. @param retryAfter ms; 0 for none */
export function scheduleNext<Item>(
  state: State<Item>,
  entry: Entry<Item>,
  { at, draw }: Settlement,
  isFailed: boolean,
  retryAfter: number,
): void {
  const { retry, jitter } = state.options
  const { interval, failures } = entry
  const isDelayed = isFailed && failures !== undefined
  const delay = isDelayed ? itemFailureDelay(interval, failures.count, retry) * spread(retry, draw) : interval
  const wanted = isDelayed ? at.now + delay : refreshDue(at.now, interval, jitter, draw)
  const due = Math.max(wanted, at.now + Math.max(SHORTEST_DELAY, retryAfter))
  if (failures !== undefined) failures.retryTime = due
  if (entry.place !== undefined || isWaitedFor(state, entry) || !isRefreshable(entry)) {
    reschedule(state, entry)
    return
  }
  const notBefore = retryAfter > 0 ? at.now + retryAfter : -Infinity
  state.due.add(entry, due, delay, notBefore)
}

/** Makes an entry that somebody asked for go as soon as there is a slot (S8). */
export function scheduleNow<Item>(state: State<Item>, entry: Entry<Item>): void {
  const { place, isDeleting } = entry
  if (place instanceof Call || place === BLOCKED || isDeleting || isAsked(state, entry)) return
  if (place instanceof DueGroup && place.isFormed) {
    // A batch that a policy formed goes as a whole (S14). It is due by the clock, which goes on in an outage (S15).
    place.queue?.remove(place)
    return state.askedDue.push(place)
  }
  const { now } = state.time.read()
  // A due item keeps its place in the queue.
  const planned = dueOf(entry)
  const due = Math.min(planned, now)
  const isDue = isInProcessing(state, entry)
  forgetPlace(entry)
  const source = entry.failures?.retryGroup
  if (source !== undefined) joinAskedGroup(state, entry, source, due)
  else (isDue ? state.askedDue : state.asked).add(entry, due, entry.interval)
  if (dueOf(entry) !== planned) dropSnapshot(state, entry)
}

function isAsked<Item>(state: State<Item>, { place }: Entry<Item>): boolean {
  if (!(place instanceof DueGroup)) return false
  const { queue } = place
  return queue === state.asked || queue === state.askedDue || queue === state.askedRetries
}

/** Keeps asked entries of one retry group together, and apart from those of others (S8). */
function joinAskedGroup<Item>(
  state: State<Item>,
  entry: Entry<Item>,
  source: RetryGroup<Entry<Item>>,
  due: number,
): void {
  let group = source.asked
  if (group?.queue === undefined) {
    group = new DueGroup<Entry<Item>>().begin(due, 0, -Infinity)
    group.source = source
    source.asked = group
    state.askedRetries.push(group)
  }
  group.add(entry)
}

/** Puts off an entry that a policy's batches left out (S7). */
export function defer<Item>(state: State<Item>, entry: Entry<Item>): void {
  const { now, epoch } = state.time.read()
  const interval = entry.interval > 0 ? entry.interval : state.options.retry.maxDelay
  // Callers of `refresh` must not wait for ever.
  const due = now + (interval === Infinity ? LONGEST_WAIT : interval)
  if (isWaitedFor(state, entry)) state.asked.add(entry, due)
  else queueOf(state, entry).add(entry, due, interval)
  // One that is left out twice at one moment is due as before.
  if (entry.snapshot?.nextRefreshAt !== epoch + (due - now)) dropSnapshot(state, entry)
}

/** Takes an entry out of its queue if it is not refreshed by the clock any more. One that was asked for stays. */
export function unschedule<Item>(state: State<Item>, entry: Entry<Item>): void {
  const { place } = entry
  if (entry.isDeleting || isRefreshable(entry) || isWaitedFor(state, entry)) return
  if (place instanceof DueGroup) {
    place.remove(entry)
    dropSnapshot(state, entry)
  }
  reschedule(state, entry)
}

/** Takes asked entries back to where they belong: the cache was stopped, or their requests were rejected (S8). */
export function withdrawAsked<Item>(state: State<Item>): void {
  for (const queue of [state.asked, state.askedDue, state.askedRetries]) {
    for (const group of queue.nodes()) {
      for (const entry of group.members()) {
        if (!isWaitedFor(state, entry)) putBack(state, entry, group)
      }
    }
  }
}

/** Batches of a policy that were not sent are divided anew by the next run. */
export function dissolveFormed<Item>(state: State<Item>): void {
  for (const group of [...state.due.nodes(), ...state.firstFetches.nodes()]) {
    if (!group.isFormed) continue
    for (const entry of group.members()) putBack(state, entry, group)
  }
}

/** Takes an entry out of its group, and to where it belongs by what is known of it. */
function putBack<Item>(state: State<Item>, entry: Entry<Item>, group: DueGroup<Entry<Item>>): void {
  const due = dueOf(entry)
  group.remove(entry)
  findPlace(state, entry)
  if (dueOf(entry) !== due) dropSnapshot(state, entry)
}

/** Schedules the removal of an entry that was marked for deletion (W5). */
export function scheduleRemoval<Item>(state: State<Item>, entry: Entry<Item>): void {
  const { place } = entry
  // The end of its call removes it.
  if (place instanceof Call) return
  const { now } = state.time.read()
  let due = now
  if (place instanceof DueGroup) {
    due = place.due
  } else if (place !== BLOCKED) {
    if (entry.interval === 0) evaluateFirstInterval(state, entry)
    due += entry.interval
  }
  forgetPlace(entry)
  entry.place = undefined
  state.removals.add(entry, due === Infinity ? now : due)
}

/** Takes an entry out of its queue. */
export function forgetPlace<Item>(entry: Entry<Item>): void {
  if (entry.place instanceof DueGroup) entry.place.remove(entry)
}

/** Replaces the interval, and reschedules every waiting entry (G6). */
export function changeInterval<Item>(state: State<Item>, interval: IntervalOption<Item>): void {
  state.interval = interval
  const { now } = state.time.read()
  for (const entry of state.entries.values()) {
    // One that may be polled again later has the new interval then.
    if (typeof interval === 'number') entry.interval = interval
    if (entry.place instanceof Call || entry.place === BLOCKED || !isRefreshable(entry)) continue
    const failed = evaluateInterval(state, entry)
    if (failed !== undefined) {
      addFailure(entry, failed.error)
      dropSnapshot(state, entry, true)
    }
    const { place } = entry
    const due = dueOf(entry)
    if (place instanceof DueGroup) {
      // An item that is due, asked for or retried stays so.
      if (place.queue !== state.due || due <= now || place.isGathering) continue
      place.remove(entry)
    }
    scheduleByInterval(state, entry)
    if (dueOf(entry) !== due) dropSnapshot(state, entry)
  }
}
