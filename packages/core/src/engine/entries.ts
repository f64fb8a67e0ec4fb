import type { DeleteReason, ItemId } from '../auto-refresh.ts'
import { truthOf } from '../answer.ts'
import type { Timestamp } from '../environment/clock.ts'
import { quote } from '../errors.ts'
import { cacheError } from './cache-error.ts'
import { ask, emit, report } from './events.ts'
import { rejectPendingRefreshes } from './pending-refreshes.ts'
import { admitItem, itemChanged, tellPolicies } from './policies.ts'
import { forgetPlace, reschedule, scheduleFirst, scheduleRemoval, unschedule } from './schedule.ts'
import { dropSnapshot } from './snapshot.ts'
import { BLOCKED, Call, Entry } from './entry.ts'
import type { State } from './state.ts'
import { attachSubscribers, detachSubscribers, queueBroadcast } from './subscribers.ts'

/** Asks the application if an item will never change again. A throw or a promise counts as no (F7). */
export function isTerminal<Item>(state: State<Item>, item: Item): boolean {
  return ask(state, () => truthOf(state.options.isTerminal(item)), false)
}

/**
 * Adds an entry that is absent. The caller schedules it by `scheduleFirst`, after its first subscriber is there.
 *
 * @param isOwned true if it is the application's, false if it belongs to its subscribers (P7)
 * @param isObserved true if its first subscriber comes in the same step
 * @throws what a policy throws, such as CAPACITY; nothing has changed then
 */
export function addEntry<Item>(
  state: State<Item>,
  id: ItemId,
  item: Item | undefined,
  isOwned: boolean,
  isObserved: boolean = false,
): Entry<Item> {
  const isOver = item !== undefined && isTerminal(state, item)
  admitItem(state, id, isOwned)
  const at = creationTime(state)
  const entry = new Entry(id, item, isOwned, at)
  state.entries.set(id, entry)
  if (state.inFlightIds.has(id)) entry.place = BLOCKED
  attachSubscribers(state, entry)
  if (!isOwned && !isObserved && entry.subscribers === undefined) awaitRemoval(state, entry)
  emit(state, { type: 'created', id, item })
  queueBroadcast(state, state.idListeners)
  if (isOver) setStatus(state, entry, 'terminal', item)
  else itemChanged(state, entry)
  return entry
}

/** Adds the application's entry, and schedules it. */
export function createEntry<Item>(
  state: State<Item>,
  id: ItemId,
  item: Item | undefined,
  validator?: unknown,
): Entry<Item> {
  const entry = addEntry(state, id, item, true)
  entry.validator = validator
  scheduleFirst(state, entry)
  return entry
}

/** One object for all that are created within a millisecond: they fall due together, and it costs less memory. */
function creationTime<Item>(state: State<Item>): Timestamp {
  const at = state.time.read()
  const { latestCreation: latest } = state
  if (latest === undefined || latest.epoch !== at.epoch || latest.now + 1 <= at.now || latest.now > at.now) {
    state.latestCreation = at
    return at
  }
  return latest
}

/** Makes an entry the application's (P7). */
export function takeOwnership<Item>(state: State<Item>, entry: Entry<Item>): void {
  if (entry.isOwned) return
  entry.isOwned = true
  state.unobserved.delete(entry)
  itemChanged(state, entry)
  reschedule(state, entry)
}

/** A local write (W3). Returns nothing to do for an absent entry. */
export function writeEntry<Item>(state: State<Item>, entry: Entry<Item>, item: Item): void {
  const isOver = isTerminal(state, item)
  entry.validator = undefined
  supersede(entry)
  // What is expected has to be seen by a refresh, which may fail at first (W13).
  const endsBySuccess = isOver && state.holds.has(entry) && entry.status !== 'terminal'
  setItem(state, entry, item, state.time.read(), isOver && !endsBySuccess)
  entry.endsBySuccess = endsBySuccess
}

/** The first value of a pending entry, from the application: no newer than an answer under way (P1). */
export function fillEntry<Item>(
  state: State<Item>,
  entry: Entry<Item>,
  item: Item,
  validator?: unknown,
): void {
  const isOver = isTerminal(state, item)
  entry.validator = validator
  setItem(state, entry, item, state.time.read(), isOver)
}

/** Replaces the item, and gives the entry the status that follows. */
function setItem<Item>(
  state: State<Item>,
  entry: Entry<Item>,
  item: Item,
  at: Timestamp,
  isOver: boolean,
): void {
  const { status } = entry
  const isNew = !Object.is(entry.item, item)
  entry.item = item
  entry.endsBySuccess = false
  if (isNew) {
    entry.changedAt = at
    dropSnapshot(state, entry, true)
    emit(state, { type: 'updated', id: entry.id, item })
  }
  if (isOver) setStatus(state, entry, 'terminal', item)
  else if (status === 'pending') setStatus(state, entry, 'active', item)
  else if (status === 'terminal') reopen(state, entry, item)
}

/**
 * A value that the source gave, by W6 to W8.
 *
 * @param call the call that brought it; undefined: it was pushed
 * @param reopens true if it may reopen a terminal item
 * @returns true if it changed the item; undefined if it was refused
 */
export function acceptItem<Item>(
  state: State<Item>,
  entry: Entry<Item>,
  item: Item,
  at: Timestamp,
  call: Call<Item> | undefined,
  reopens: boolean | undefined = call?.reopens?.has(entry),
): boolean | undefined {
  const { item: present } = entry
  const isEqual = present !== undefined && areEqual(state, present, item)
  const isOver = isEqual || isTerminal(state, item)
  if (entry.status === 'terminal' && !isOver && !reopens) return undefined
  // A pushed value is newer than what a running call will bring.
  if (call === undefined) supersede(entry)
  if (isEqual) endBySuccess(state, entry)
  else setItem(state, entry, item, at, isOver)
  return !isEqual
}

/** Ends an entry whose value was written during a hold, if that value would have ended it (W13). */
export function endBySuccess<Item>(state: State<Item>, entry: Entry<Item>): void {
  const { item, endsBySuccess } = entry
  if (!endsBySuccess || item === undefined) return
  entry.endsBySuccess = false
  if (isTerminal(state, item)) setStatus(state, entry, 'terminal', item)
}

/** Asks the application if nothing changed. A throw or a promise counts as no (F7). */
function areEqual<Item>(state: State<Item>, present: Item, item: Item): boolean {
  // Hot path: without a closure for each item.
  state.questions += 1
  try {
    return truthOf(state.options.equals(present, item))
  } catch (error) {
    report(state, error)
    return false
  } finally {
    state.questions -= 1
  }
}

/** A newer value came than what the entry's running call will bring (W6). */
export function supersede<Item>(entry: Entry<Item>): void {
  const { place } = entry
  if (place instanceof Call && !place.isAborted) (place.superseded ??= new Set()).add(entry)
}

/** True if what a call, or a push, brings for the entry is not to be written (W6, W13). */
export function isSuperseded<Item>(
  state: State<Item>,
  entry: Entry<Item>,
  call: Call<Item> | undefined,
): boolean {
  return call?.superseded?.has(entry) === true || state.holds.has(entry)
}

/** Gives the entry another status. @param item what it has */
export function setStatus<Item>(
  state: State<Item>,
  entry: Entry<Item>,
  status: 'active' | 'terminal' | 'expired',
  item: Item,
): void {
  if (entry.status === status) return
  entry.status = status
  itemChanged(state, entry)
  dropSnapshot(state, entry, true)
  if (status === 'active') return
  unschedule(state, entry)
  emit(state, { type: status, id: entry.id, item })
}

/** A terminal entry goes on. Policies may end it again at once (W7). */
function reopen<Item>(state: State<Item>, entry: Entry<Item>, item: Item): void {
  setStatus(state, entry, 'active', item)
  reschedule(state, entry)
}

/** Ends an entry's polling. One without a value is removed (P6). */
export function expireEntry<Item>(state: State<Item>, entry: Entry<Item>): void {
  const { item, status } = entry
  if (item === undefined) removeEntry(state, entry, 'expired')
  else if (status === 'active') setStatus(state, entry, 'expired', item)
}

export function removeEntry<Item>(
  state: State<Item>,
  entry: Entry<Item>,
  reason: DeleteReason | 'evicted',
): void {
  const { id, item, place } = entry
  if (entry.status === 'missing') return
  state.entries.delete(id)
  entry.status = 'missing'
  entry.snapshot = undefined
  if (place instanceof Call) state.inFlightIds.add(id)
  else forgetPlace(entry)
  state.holds.delete(entry)
  state.unobserved.delete(entry)
  tellPolicies(state, (policy) => policy.removed?.(entry))
  detachSubscribers(state, entry)
  queueBroadcast(state, state.idListeners)
  rejectPendingRefreshes(state, entry, () => cacheError(state, 'DELETED', `${quote(id)} was deleted`))
  emit(state, reason === 'evicted' ? { type: reason, id, item } : { type: 'deleted', id, item, reason })
}

/** Marks an entry for deletion (W5). */
export function markForDeletion<Item>(state: State<Item>, entry: Entry<Item>): void {
  if (entry.isDeleting) return
  entry.isDeleting = true
  scheduleRemoval(state, entry)
  dropSnapshot(state, entry, true)
}

/** The entry got its first subscriber. */
export function observeEntry<Item>(state: State<Item>, entry: Entry<Item>): void {
  itemChanged(state, entry)
  if (entry.isOwned) return
  state.unobserved.delete(entry)
  reschedule(state, entry)
}

/** The entry's last subscriber left. */
export function unobserveEntry<Item>(state: State<Item>, entry: Entry<Item>): void {
  itemChanged(state, entry)
  if (entry.isOwned) return
  awaitRemoval(state, entry)
  unschedule(state, entry)
}

/** The entry of a subscription that nobody observes any more is removed in `gcTime`, wherever it is then (P7). */
function awaitRemoval<Item>({ unobserved, time, options }: State<Item>, entry: Entry<Item>): void {
  unobserved.set(entry, time.read().now + options.gcTime)
}

/** A call that the id was in is over; a new generation of it waited for that (S3). */
export function releaseReplacement<Item>(state: State<Item>, id: ItemId): void {
  state.inFlightIds.delete(id)
  const replacement = state.entries.get(id)
  if (replacement?.place !== BLOCKED) return
  replacement.place = undefined
  reschedule(state, replacement)
}
