import { isolationDelay, retryDelayOf, spread } from './backoff.ts'
import { holdOff } from './circuit-breaker.ts'
import { isPaused } from './pause.ts'
import { isRetryGroup, RetryGroup } from './queue/due-group.ts'
import { forgetPlace, reschedule } from './schedule.ts'
import { type Call, type Entry, type FailedEntry, hasFailed, isRefreshable } from './entry.ts'
import type { State } from './state.ts'

/** ms; the longest time for which one `retryAfter` delays several items (F8, F15). */
const LONGEST_HOLD_OFF = 3_600_000

/**
 * Plans the retries of a failed call, whose failure is counted already: its entries become one retry group (F5), a single one
 * is isolated (F9), a probe in an outage goes to the end of its group (F11).
 *
 * @param retryAfter ms; what the error asked for, 0 for nothing
 * @param draw a random number, at least 0 and below 1
 */
export function planRetries<Item>(
  state: State<Item>,
  call: Call<Item>,
  entries: readonly FailedEntry<Item>[],
  retryAfter: number,
  draw: number,
): void {
  const { breaker, options } = state
  const { now } = state.time.read()
  const { source } = call
  const factor = spread(options.retry, draw)
  const delay = retryDelayOf(call.entries)
  const size = call.entries.length
  const several = Math.min(retryAfter, LONGEST_HOLD_OFF)
  const wait = size > 1 ? several : retryAfter
  const isOfSource = wait > 0 && source === undefined && !hasCustomBatches(state)
  const isForAll = isOfSource && size > 1
  // The source asked for it, also if the items of the call are gone.
  if (isForAll) holdOff(state, wait, state.callCount)
  // More failed than can have started together: it is not about some ids that were opened at once.
  else if (isOfSource && breaker.suspectCalls > options.concurrency)
    holdOff(state, Math.min(wait, options.retry.maxDelay), 0)
  if (wait > 0 && breaker.holdOff === undefined) delayRefused(state, source, now + several)
  const [first] = entries
  if (first === undefined) return
  if (size === 1 && breaker.isOpen && source !== undefined && !source.isIsolated) {
    return joinEnd(state, first, source, now + delay * factor, retryAfter)
  }
  const isAlone = size === 1 && (!breaker.isOpen || source?.isIsolated === true)
  const limit = source === undefined ? size : Math.ceil(size / 2)
  const group = new RetryGroup<Entry<Item>>(limit, isAlone ? 1 : (source?.failedCalls ?? 0) + 1, isAlone)
  group.since = source?.since ?? breaker.settledCalls
  if (wait > 0) group.refusal = source?.refusal ?? { isOver: false }
  if (isAlone) return isolate(state, call, first, group, delay * factor, retryAfter)
  breaker.lastGroup = group
  if (!isForAll) group.notBefore = now + wait
  scheduleRetry(entries, group, Math.max(now + delay * factor, group.notBefore))
}

/** The item failed in a call of its own: it is retried alone, ever more seldom (F9). @param delay ms of the first retry */
function isolate<Item>(
  { breaker, options, time }: State<Item>,
  { kind, number }: Call<Item>,
  entry: FailedEntry<Item>,
  group: RetryGroup<Entry<Item>>,
  delay: number,
  retryAfter: number,
): void {
  const { failures, interval } = entry
  const { now } = time.read()
  // What somebody asked for makes nothing rarer, and puts nothing off but by the first delay.
  const isExtra = kind === 'asked' && failures.aloneFailures > 0
  // In an outage, failing says nothing about the item: then only those come here that are isolated already.
  if (!breaker.isOpen && !isExtra) failures.aloneFailures += 1
  // Of a call from before a return, it says nothing of what came back (T8).
  const count = number > breaker.callsAtReturn ? failures.aloneFailures : 1
  const due = now + isolationDelay(delay, count, interval, options.retry)
  group.notBefore = now + retryAfter
  const wanted = isExtra ? Math.max(now + delay, Math.min(due, failures.retryTime)) : due
  scheduleRetry([entry], group, Math.max(wanted, group.notBefore))
}

/** The source asks for a pause once more: what it refused in the same call waits, too, until one of it succeeds (F15). */
function delayRefused<Item>(
  { retries }: State<Item>,
  source: RetryGroup<Entry<Item>> | undefined,
  from: number,
): void {
  const refusal = source?.refusal
  if (refusal === undefined || refusal.isOver) return
  for (const group of retries.nodes()) {
    if (!isRetryGroup(group) || group.refusal !== refusal) continue
    group.notBefore = Math.max(group.notBefore, from)
    group.due = Math.max(group.due, from)
    retries.update(group)
  }
}

/** A probe failed that says nothing about its item: it goes to the end of its group. */
function joinEnd<Item>(
  state: State<Item>,
  entry: FailedEntry<Item>,
  source: RetryGroup<Entry<Item>>,
  due: number,
  retryAfter: number,
): void {
  const group = source.origin ?? source
  group.failedCalls += 1
  // While the page is slowed down, it has had its turn in this round (G7).
  if (retryAfter > 0 || isPaused(state)) {
    const { now } = state.time.read()
    // It waits apart: until the others of its group have had their turn, and before they have the next.
    const apart = new RetryGroup<Entry<Item>>(1, group.failedCalls + group.size - 0.5, false, group)
    apart.since = group.since
    apart.refusal = group.refusal
    apart.notBefore = now + retryAfter
    scheduleRetry([entry], apart, Math.max(due, apart.notBefore))
  } else {
    // Without other members, the group waits anew. Those that were asked for come back to it: they have no less to wait (F15).
    scheduleRetry([entry], group, group.size === 0 ? Math.max(due, group.notBefore) : group.due)
  }
}

/** A pushed failure asks for a pause of an item that is retried: it waits in a group of its own (F15). */
export function delayRetry<Item>(state: State<Item>, entry: Entry<Item>, retryAfter: number): void {
  if (!hasFailed(entry) || entry.failures.retryGroup === undefined || retryAfter === 0) return
  const { retryGroup: group } = entry.failures
  const { now } = state.time.read()
  const own = new RetryGroup<Entry<Item>>(1, group.failedCalls, group.isIsolated)
  own.since = group.since
  own.refusal = group.refusal
  own.notBefore = Math.max(group.notBefore, now + retryAfter)
  // One that is marked stays where its removal waits.
  if (isRefreshable(entry)) forgetPlace(entry)
  scheduleRetry([entry], own, Math.max(group.due, own.notBefore))
  reschedule(state, entry)
}

function hasCustomBatches<Item>({ policies }: State<Item>): boolean {
  return policies.some(({ batches }) => batches !== undefined)
}

/** Puts the entries of a failed call into one retry group (F5), or an isolated entry into its own (F9). */
function scheduleRetry<Item>(
  entries: readonly FailedEntry<Item>[],
  group: RetryGroup<Entry<Item>>,
  due: number,
): void {
  group.due = due
  for (const { failures } of entries) {
    failures.retryGroup = group
    failures.retryTime = due
  }
}
