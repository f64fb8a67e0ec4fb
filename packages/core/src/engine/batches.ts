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
  // One that a policy formed is due before everything else, because all that was due is in one.
  const first = soonest(queues)?.first
  const entries = first?.isFormed === true ? first.take(first.size) : takeBatch(queues, limits)
  return { entries, source: undefined }
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
  const formed = setFormedAside(queues, limits.dueBy)
  const byClock = dueByClock(state, limits.dueBy)
  const offers: Entry<Item>[][] = []
  for (;;) {
    const offer = takeBatch(queues, limits)
    if (offer.length === 0) break
    offers.push(offer)
  }
  for (const [queue, group] of formed) queue.push(group)
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

function setFormedAside<Item>(
  queues: readonly State<Item>['due'][],
  dueBy: number,
): (readonly [State<Item>['due'], DueGroup<Entry<Item>>])[] {
  return queues.flatMap((queue) =>
    queue
      .nodes()
      .filter((group) => group.isFormed && group.due <= dueBy)
      .map((group) => {
        queue.remove(group)
        return [queue, group] as const
      }),
  )
}

/** The entries that the clock may refresh now, asked for or not. */
function dueByClock<Item>({ askedDue, firstFetches, due }: State<Item>, dueBy: number): Set<Entry<Item>> {
  const groups = [askedDue, firstFetches, due].flatMap((queue) => queue.nodes())
  return new Set(groups.flatMap((group) => (group.due <= dueBy ? group.members() : [])))
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
    const group = new DueGroup<Entry<Item>>().begin(now, 0, -Infinity, false)
    group.isFormed = true
    let queue = state.due
    let isAsked = false
    let isDue = false
    for (const id of ids) {
      const entry = left.get(id)
      left.delete(id)
      if (entry === undefined || !maySend(state, entry)) continue
      group.add(entry)
      if (isWaitedFor(state, entry)) isAsked = true
      else if (queue === state.due) queue = queueOf(state, entry)
      if (byClock.has(entry)) isDue = true
      // Due items stay due; early ones are due now.
      if ((entry.snapshot?.nextRefreshAt ?? -Infinity) > epoch) dropSnapshot(state, entry)
    }
    // It goes as a whole, in a pause, too, if one of its items does (S14, G5). In an outage the clock is not held up (S15).
    if (isAsked) queue = isDue ? state.askedDue : state.asked
    if (group.size > 0) queue.push(group)
  }
  for (const entry of left.values()) if (maySend(state, entry)) defer(state, entry)
}

function maySend<Item>(state: State<Item>, entry: Entry<Item>): boolean {
  return isRefreshable(entry) || isWaitedFor(state, entry)
}
