import type { ItemId, SubscribeOptions } from '../auto-refresh.ts'
import { cacheError } from './cache-error.ts'
import { addEntry, fillEntry, observeEntry, unobserveEntry } from './entries.ts'
import { afterQuestion, report, transaction } from './events.ts'
import { itemChanged } from './policies.ts'
import { scheduleFirst } from './schedule.ts'
import type { Subscription } from './entry.ts'
import type { State } from './state.ts'
import { addSubscription, removeSubscription } from './subscribers.ts'
import { atTurnEnd, queueTick } from './wake.ts'

/**
 * Subscribes to an id, and creates it if that is wanted (P9). Returns the unsubscribe function.
 *
 * @throws what a policy throws that refuses the item; nothing is created or subscribed then
 */
export function subscribe<Item>(
  state: State<Item>,
  id: ItemId,
  listener: () => unknown,
  { activity = false, initialItem, create = initialItem !== undefined }: SubscribeOptions<Item>,
): () => void {
  const present = state.entries.get(id)
  const created = present === undefined && create ? addEntry(state, id, initialItem, false, true) : undefined
  const entry = present ?? created
  const isFirst = entry?.subscribers === undefined
  const subscription = addSubscription(state, id, listener, activity, create)
  if (created !== undefined) {
    itemChanged(state, created)
    scheduleFirst(state, created)
    reportUnlessRun(state)
  } else if (entry !== undefined) {
    if (isFirst) observeEntry(state, entry)
    else itemChanged(state, entry)
    if (create && entry.status === 'pending' && initialItem !== undefined)
      fillEntry(state, entry, initialItem)
  }
  return () => unsubscribe(state, subscription)
}

function unsubscribe<Item>(state: State<Item>, subscription: Subscription): void {
  if (subscription.status === 'ended') return
  const { id } = subscription.observed
  removeSubscription(state, subscription)
  afterQuestion(state, () => {
    const entry = state.entries.get(id)
    if (entry === undefined || entry.subscribers !== undefined) return
    transaction(state, () => unobserveEntry(state, entry))
    queueTick(state)
  })
}

/** An item of a subscription in a cache that nobody starts would stay pending without a word (P10). */
function reportUnlessRun<Item>(state: State<Item>): void {
  if (state.isStillReported) return
  state.isStillReported = true
  atTurnEnd(() => {
    if (state.hasRun) return
    report(
      state,
      cacheError(state, 'STOPPED', 'an item is shown, but the cache is not running; call start()'),
    )
  })
}
