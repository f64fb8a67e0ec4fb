import type { ItemId } from '../auto-refresh.ts'

/** One subscription, a link in the list of its id's. */
export interface Subscription {
  readonly listener: () => void
  /** Whether it is told of activity, too. */
  readonly activity: boolean
  observed: Observed
  /** Pending: it is told at the end of this turn. Ended: never again. */
  state: 'idle' | 'pending' | 'ended'
  next: Subscription | undefined
  previous: Subscription | undefined
}

/** What is subscribed to: the list begins here. */
export interface Observed {
  readonly id: ItemId
  subscribers: Subscription | undefined
}

/** Who is told of changes, and the telling: in a microtask, once for all changes of a turn (O2). */
export interface Listeners {
  /** How many subscriptions there are. */
  readonly count: () => number
  /** @param present the item of the id, if there is one */
  readonly add: (
    id: ItemId,
    present: Observed | undefined,
    listener: () => void,
    activity: boolean,
  ) => Subscription
  /** Ends a subscription that has not ended. */
  readonly remove: (subscription: Subscription) => void
  /** Hands over those who waited for the id, and tells them that it is there. */
  readonly arrive: (present: Observed) => void
  /** Takes them back, and tells them that it is gone. */
  readonly leave: (present: Observed) => void
  /** @param visible whether more than activity changed */
  readonly tell: (observed: Observed, visible: boolean) => void
}

/** @param report is told what a listener throws */
export function createListeners(report: (error: unknown) => void): Listeners {
  /** The subscribers of ids without an item; those of an item hang on the item. */
  const absent = new Map<ItemId, Observed>()
  let pending: Subscription[] = []
  let count = 0
  /** How many of them are told of activity. */
  let activityCount = 0

  function absentee(id: ItemId): Observed {
    const observed = absent.get(id) ?? { id, subscribers: undefined }
    absent.set(id, observed)
    return observed
  }

  function move(from: Observed, to: Observed): void {
    to.subscribers = from.subscribers
    from.subscribers = undefined
    for (let each = to.subscribers; each !== undefined; each = each.next) each.observed = to
    tell(to, true)
  }

  function tell(observed: Observed, visible: boolean): void {
    if (!visible && activityCount === 0) return
    for (let each = observed.subscribers; each !== undefined; each = each.next) {
      if (each.state !== 'idle' || (!visible && !each.activity)) continue
      each.state = 'pending'
      if (pending.push(each) === 1) void Promise.resolve().then(flush)
    }
  }

  function flush(): void {
    const told = pending
    pending = []
    for (const subscription of told) {
      // One of those before it may have ended it.
      if (subscription.state !== 'pending') continue
      subscription.state = 'idle'
      try {
        subscription.listener()
      } catch (error) {
        report(error)
      }
    }
  }

  return {
    tell,
    count: () => count,
    add(id, present, listener, activity) {
      const observed = present ?? absentee(id)
      const next = observed.subscribers
      const subscription: Subscription = {
        listener,
        activity,
        observed,
        state: 'idle',
        next,
        previous: undefined,
      }
      if (next !== undefined) next.previous = subscription
      observed.subscribers = subscription
      count += 1
      if (activity) activityCount += 1
      return subscription
    },
    remove(subscription) {
      const { previous, next, observed, activity } = subscription
      if (next !== undefined) next.previous = previous
      if (previous === undefined) observed.subscribers = next
      else previous.next = next
      if (observed.subscribers === undefined && absent.get(observed.id) === observed)
        absent.delete(observed.id)
      subscription.state = 'ended'
      count -= 1
      if (activity) activityCount -= 1
    },
    arrive(present) {
      const waiting = absent.get(present.id)
      absent.delete(present.id)
      if (waiting !== undefined) move(waiting, present)
    },
    leave(present) {
      if (present.subscribers !== undefined) move(present, absentee(present.id))
    },
  }
}
