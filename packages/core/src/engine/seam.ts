import type { AbortGroup, AdapterSeam, AdoptedState, ItemId, ItemState } from '../auto-refresh.ts'
import { acceptItem, addEntry, isSuperseded } from './entries.ts'
import { refuseWithinQuestion, transaction } from './events.ts'
import { addFailure } from './interval.ts'
import { isWaitedFor } from './pending-refreshes.ts'
import { refreshAll } from './refresh.ts'
import { forgetPlace, reschedule } from './schedule.ts'
import { dropSnapshot } from './snapshot.ts'
import { recreateCleared } from './lifecycle.ts'
import { Call, dueOf, type Entry, isRefreshable } from './entry.ts'
import type { State } from './state.ts'
import { countSubscribers } from './subscribers.ts'
import { queueTick } from './wake.ts'

/** The parts of a cache that adapters, developer tools and shared caches use besides its interface. */
export function createSeam<Item>(state: State<Item>): AdapterSeam<Item> {
  return {
    abortListeners: new WeakMap<AbortSignal, AbortGroup>(),
    stateOf: (id) => {
      const entry = state.entries.get(id)
      return entry === undefined ? undefined : stateOf(state, entry)
    },
    adopt: (states) => {
      refuseWithinQuestion(state, 'adopt')
      transaction(state, () => {
        for (const each of states) adoptState(state, each)
      })
      queueTick(state)
    },
    settled: (id) => settled(state, id),
    observerCount: (id) => countSubscribers(state, id),
    refreshIds: (ids) => {
      refuseWithinQuestion(state, 'refreshIds')
      return refreshAll(state, new Set(ids))
    },
    epoch: () => state.time.read().epoch,
    recreate: () => transaction(state, () => recreateCleared(state)),
  }
}

/** The present state of an entry, with ages and delays (E1). */
function stateOf<Item>(state: State<Item>, entry: Entry<Item>): ItemState<Item> {
  const { id, item, validator, failures, unchangedCount, refreshedAt } = entry
  const { now } = state.time.read()
  const due = dueOf(entry)
  return {
    id,
    item,
    validator,
    error: failures?.error,
    failureCount: failures?.count ?? 0,
    unchangedCount,
    age: refreshedAt === undefined ? undefined : now - refreshedAt.now,
    next: due === Infinity ? undefined : Math.max(0, due - now),
  }
}

/** Takes over a state that another cache had (E2). */
function adoptState<Item>(state: State<Item>, given: AdoptedState<Item>): void {
  const present = state.entries.get(given.id)
  if (present !== undefined && !mayAdopt(state, present, given)) return
  const entry = present ?? addAdopted(state, given)
  if (entry === undefined) return
  const { now, epoch } = state.time.read()
  const { age = 0 } = given
  // The value is as old as the success that brought it, so that a later success replaces it whenever that is adopted (E2).
  const at = { now: now - age, epoch: epoch - age }
  const retryTime = entry.failures?.retryTime ?? -Infinity
  if (given.take !== 'failure') {
    if (typeof state.interval === 'number') entry.interval = state.interval
    if (present === undefined) {
      entry.validator = given.validator
      entry.changedAt &&= at
    } else if (
      given.item !== undefined &&
      acceptItem(state, entry, given.item, at, undefined, given.reopens) !== undefined
    ) {
      entry.validator = given.validator
    }
    // Like an interval, `next` counts from the last success, also for whoever subscribes later (E2).
    if (given.next !== undefined) entry.interval = given.next + age
    if (given.age !== undefined) entry.refreshedAt = at
    entry.unchangedCount = given.unchangedCount
  }
  const isTold = adoptFailures(entry, given)
  // The delay of a failure holds for whoever subscribes later, and for what would come early (S5).
  if (present === undefined && entry.failures !== undefined && given.next !== undefined)
    entry.failures.retryTime = now + given.next
  scheduleAdopted(state, entry, given.next, retryTime)
  // Another item is told of by whoever sets it: a state that changes nothing that is shown tells nobody (O2).
  dropSnapshot(state, entry, isTold)
}

/** Undefined: a policy refused it (E4). */
function addAdopted<Item>(state: State<Item>, { id, item }: AdoptedState<Item>): Entry<Item> | undefined {
  try {
    return addEntry(state, id, item, false)
  } catch {
    return undefined
  }
}

function mayAdopt<Item>(state: State<Item>, entry: Entry<Item>, { age, take }: AdoptedState<Item>): boolean {
  if (entry.place instanceof Call || entry.isDeleting || isSuperseded(state, entry, undefined)) return false
  if (take !== undefined) return true
  const { now } = state.time.read()
  const newest = Math.max(entry.refreshedAt?.now ?? -Infinity, entry.changedAt?.now ?? -Infinity)
  return age === undefined ? newest === -Infinity : now - age >= newest
}

/** Returns true if `error` or `failureCount` is another one than before. */
function adoptFailures<Item>(entry: Entry<Item>, { failureCount, error }: ItemState<Item>): boolean {
  const { failures } = entry
  const count = failures?.count ?? 0
  const last = failures?.error
  if (failureCount === 0) {
    // A state says nothing about calls: the entry stays in its retry group (F19).
    if (failures?.retryGroup === undefined) entry.failures = undefined
    else Object.assign(failures, { count: 0, error: undefined })
    return count > 0
  }
  addFailure(entry, error).count = failureCount
  return count !== failureCount || error !== last
}

/** Its `next` stands for the interval. A delay after a failure is not shortened. */
function scheduleAdopted<Item>(
  state: State<Item>,
  entry: Entry<Item>,
  next: number | undefined,
  retryTime: number,
): void {
  if (!isRefreshable(entry)) {
    reschedule(state, entry)
    return
  }
  // A refresh that was asked for still takes place.
  if (entry.failures?.retryGroup !== undefined || isWaitedFor(state, entry)) return
  forgetPlace(entry)
  if (next === undefined || entry.place !== undefined) return
  const due = Math.max(state.time.read().now + next, retryTime)
  // Nor does it come early (S5).
  state.due.add(entry, due, entry.interval, retryTime)
}

/** Resolves when no call that contains the id runs (E3). */
async function settled<Item>(state: State<Item>, id: ItemId): Promise<void> {
  const running = state.calls.filter(({ entries }) => entries.some((entry) => entry.id === id))
  await Promise.all(running.map((call) => new Promise<void>((resolve) => call.whenOver.push(resolve))))
}
