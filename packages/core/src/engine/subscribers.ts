import type { ItemId } from '../auto-refresh.ts'
import { call } from './events.ts'
import { Subscription, type Entry, type Observed } from './entry.ts'
import type { Broadcast, State } from './state.ts'
import { atTurnEnd } from './wake.ts'

/** Adds a subscription, which is told after those that are there already (O2). */
export function addSubscription<Item>(
  state: State<Item>,
  id: ItemId,
  listener: () => unknown,
  activity: boolean,
  create: boolean,
): Subscription {
  const observed = state.entries.get(id) ?? absentOf(state, id)
  const first = observed.subscribers
  const subscription = new Subscription(listener, activity, create, observed)
  if (first === undefined) observed.subscribers = subscription
  else {
    subscription.previous = first.previous
    first.previous.next = subscription
    first.previous = subscription
  }
  state.subscriberCount += 1
  if (activity) state.activityCount += 1
  return subscription
}

/** Ends a subscription that has not ended. */
export function removeSubscription<Item>(state: State<Item>, subscription: Subscription): void {
  const { observed, previous, next, activity } = subscription
  if (observed.subscribers === subscription) observed.subscribers = next
  else previous.next = next
  // The last one's place in the ring is with the first one.
  const neighbour = next ?? observed.subscribers
  if (neighbour !== undefined) neighbour.previous = previous
  // Nobody is left; of an id with an entry there is nothing there.
  else state.absent.delete(observed.id)
  subscription.status = 'ended'
  state.subscriberCount -= 1
  if (activity) state.activityCount -= 1
}

/** Hands the subscribers of an id to its new entry, and tells them that it is there. */
export function attachSubscribers<Item>(state: State<Item>, entry: Entry<Item>): void {
  const absent = state.absent.get(entry.id)
  if (absent === undefined) return
  state.absent.delete(entry.id)
  move(state, absent, entry)
}

/** Takes the subscribers of a removed entry back, and tells them that it is gone. */
export function detachSubscribers<Item>(state: State<Item>, entry: Entry<Item>): void {
  if (entry.subscribers !== undefined) move(state, entry, absentOf(state, entry.id))
}

/**
 * Tells the subscribers of a change, in a microtask, once for all changes of a turn (O2).
 *
 * @param isVisible true if more than activity changed
 */
export function tellSubscribers<Item>(state: State<Item>, observed: Observed, isVisible: boolean): void {
  if (!isVisible && state.activityCount === 0) return
  let isNew = false
  for (let each = observed.subscribers; each !== undefined; each = each.next) {
    if (each.status !== 'idle' || (!isVisible && !each.activity)) continue
    each.status = 'pending'
    isNew = true
  }
  if (isNew) queueObserved(state, observed)
}

function queueObserved<Item>(state: State<Item>, observed: Observed): void {
  const { pendingObserved } = state
  if (pendingObserved.at(-1) === observed) return
  if (pendingObserved.push(observed) === 1) atTurnEnd(() => flushListeners(state))
}

/** Queues the listeners of a broadcast, once a turn. */
export function queueBroadcast<Item>(
  state: State<Item>,
  broadcast: Broadcast,
  isWorthTelling: () => boolean = () => true,
): void {
  if (broadcast.isQueued || broadcast.listeners.size === 0) return
  broadcast.isQueued = true
  atTurnEnd(() => {
    broadcast.isQueued = false
    if (!isWorthTelling()) return
    for (const each of [...broadcast.listeners]) {
      if (broadcast.listeners.has(each)) call(state, each.listener)
    }
  })
}

/** Number of subscriptions of an id. */
export function countSubscribers<Item>(state: State<Item>, id: ItemId): number {
  let count = 0
  const observed = state.entries.get(id) ?? state.absent.get(id)
  for (let each = observed?.subscribers; each !== undefined; each = each.next) count += 1
  return count
}

/** Tells the listeners of each id in the order of their subscriptions. */
function flushListeners<Item>(state: State<Item>): void {
  const told = state.pendingObserved
  state.pendingObserved = []
  for (const { subscribers } of told) {
    for (let each = subscribers; each !== undefined; each = each.next) {
      // An earlier listener may have ended it.
      if (each.status !== 'pending') continue
      each.status = 'idle'
      call(state, each.listener)
    }
  }
}

function absentOf<Item>(state: State<Item>, id: ItemId): Observed {
  const observed = state.absent.get(id) ?? { id, subscribers: undefined }
  state.absent.set(id, observed)
  return observed
}

function move<Item>(state: State<Item>, from: Observed, to: Observed): void {
  to.subscribers = from.subscribers
  from.subscribers = undefined
  for (let each = to.subscribers; each !== undefined; each = each.next) each.observed = to
  tellSubscribers(state, to, true)
  // Also for those that were to be told already, when they were with the other one.
  queueObserved(state, to)
}
