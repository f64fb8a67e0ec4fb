import type { ItemId } from '../auto-refresh.ts'
import { report } from './events.ts'
import { isWaitedFor } from './pending-refreshes.ts'
import { policyBatches } from './policies.ts'
import { soonest, takeBatch } from './queue/batch.ts'
import { DueGroup, type RetryGroup } from './queue/due-group.ts'
import { defer, queueOf } from './schedule.ts'
import { dropSnapshot } from './snapshot.ts'
import { toBatchEntry } from './sync.ts'
import { BLOCKED, type Entry, isRefreshable } from './entry.ts'
import type { State } from './state.ts'

/** The content of the next call. */
export interface NextBatch<Item> {
  readonly entries: readonly Entry<Item>[]
  /** The retry group of the entries, if their last call failed. */
  readonly source: RetryGroup<Entry<Item>> | undefined
}

/**
 * Takes the next batch of items in normal batches.
 *
 * @param dueBy latest due time by the clock; `Infinity` if nothing pauses
 * @param queues asked ones first: of two that are due at once, the one that was asked for keeps its place (S14)
 */
export function takeNormal<Item>(
  state: State<Item>,
  queues: readonly State<Item>['due'][],
  now: number,
  dueBy: number,
): NextBatch<Item> {
  const { batchSize } = state.options
  const limits = { now, dueBy: Math.min(now, dueBy), batchSize, fills: dueBy === Infinity }
  formPolicyBatches(state, queues, limits)
  // A listener may have stopped the cache meanwhile.
  if (!state.isRunning) return { entries: [], source: undefined }
  // One that a policy formed is due before everything else, because all that was due is in one.
  const first = soonest(queues)?.first
  if (first?.isFormed !== true) return { entries: takeBatch(queues, limits), source: undefined }
  const queue = clockQueue(state, first.members())
  if (queue !== undefined && queue !== first.queue) {
    // What was asked for, or was to be fetched first, is gone: in a pause the rest waits for its end (T3, G5).
    first.queue?.remove(first)
    queue.push(first)
    return { entries: [], source: undefined }
  }
  return { entries: first.take(first.size), source: undefined }
}

/** Lets the policy divide what is due into groups that go as one batch each (S7). */
function formPolicyBatches<Item>(
  state: State<Item>,
  queues: readonly State<Item>['due'][],
  limits: {
    readonly now: number
    readonly dueBy: number
    readonly batchSize: number
    readonly fills: boolean
  },
): void {
  const divide = policyBatches(state)
  if (divide === undefined) return
  const offers: Entry<Item>[][] = []
  const restores: (() => void)[] = []
  /** The entries that the clock may refresh now, asked for or not. */
  const byClock = new Set<Entry<Item>>()
  for (const queue of queues) {
    for (const group of queue.nodes()) {
      if (group.due > limits.dueBy) continue
      // One that was formed before is set aside.
      if (group.isFormed) {
        queue.remove(group)
        restores.push(() => queue.push(group))
      } else if (queue !== state.asked) {
        for (const entry of group.members()) byClock.add(entry)
      }
    }
  }
  for (;;) {
    const offer = takeBatch(queues, limits)
    if (offer.length === 0) break
    offers.push(offer)
  }
  for (const restore of restores) restore()
  const entries = offers.flat()
  if (entries.length === 0) return
  // Until the policy has divided them, they are scheduled nowhere.
  for (const entry of entries) entry.place = BLOCKED
  let batches: readonly (readonly ItemId[])[]
  let failure: { readonly error: unknown } | undefined
  try {
    batches = divide(entries.map(toBatchEntry))
  } catch (error) {
    failure = { error }
    batches = offers.map((offer) => offer.map(({ id }) => id))
  }
  for (const entry of entries) entry.place = undefined
  keepBatches(state, entries, batches, byClock, limits.now)
  // Last, because listeners of the report may change the entries.
  if (failure !== undefined) report(state, failure.error)
}

function keepBatches<Item>(
  state: State<Item>,
  entries: readonly Entry<Item>[],
  batches: readonly (readonly ItemId[])[],
  byClock: ReadonlySet<Entry<Item>>,
  now: number,
): void {
  const left = new Map(entries.map((entry) => [entry.id, entry]))
  const { epoch } = state.time.read()
  for (const ids of batches) {
    const group = new DueGroup<Entry<Item>>()
    group.due = now
    group.isFormed = true
    for (const id of ids) {
      const entry = left.get(id)
      left.delete(id)
      if (entry === undefined || !maySend(state, entry)) continue
      group.add(entry)
      // Due items stay due; early ones are due now.
      if ((entry.snapshot?.nextRefreshAt ?? -Infinity) > epoch) dropSnapshot(state, entry)
    }
    // It goes as a whole, in a pause, too, if one of its items does (S14, G5). In an outage the clock is not held up (S15).
    const sent = group.members()
    const asked = sent.some((entry) => byClock.has(entry)) ? state.askedDue : state.asked
    if (sent.length > 0) (clockQueue(state, sent) ?? asked).push(group)
  }
  for (const entry of left.values()) if (maySend(state, entry)) defer(state, entry)
}

/** The queue of a batch by the clock: that of first fetches if one is among them. Undefined if somebody waits for one. */
function clockQueue<Item>(
  state: State<Item>,
  entries: readonly Entry<Item>[],
): State<Item>['due'] | undefined {
  if (entries.some((entry) => isWaitedFor(state, entry))) return undefined
  return entries.some((entry) => queueOf(state, entry) !== state.due) ? state.firstFetches : state.due
}

function maySend<Item>(state: State<Item>, entry: Entry<Item>): boolean {
  return isRefreshable(entry) || isWaitedFor(state, entry)
}
