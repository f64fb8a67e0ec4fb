import type { ItemId } from '../auto-refresh.ts'

/** One subscription, a link in the list of its id's. */
export class Subscription {
  readonly id: ItemId
  readonly listener: () => void
  /** Whether it is told of activity, too. */
  readonly activity: boolean
  /** Pending: it is told at the end of this turn. Ended: never again. */
  state: 'idle' | 'pending' | 'ended' = 'idle'
  next: Subscription | undefined = undefined
  previous: Subscription | undefined = undefined

  constructor(id: ItemId, listener: () => void, activity: boolean) {
    this.id = id
    this.listener = listener
    this.activity = activity
  }
}

/** What is subscribed to: the list begins here. */
export interface Observed {
  subscribers: Subscription | undefined
}

/** Who is told of changes, and the telling: in a microtask, once for all changes of a turn (O2). */
export class Listeners {
  /** The subscribers of ids without an item; those of an item hang on the item. */
  readonly #absent = new Map<ItemId, Observed>()
  readonly #report: (error: unknown) => void
  #pending: Subscription[] = []
  #count = 0
  /** How many of them are told of activity. */
  #activityCount = 0

  constructor(report: (error: unknown) => void) {
    this.#report = report
  }

  /** How many subscriptions there are. */
  get count(): number {
    return this.#count
  }

  /** @param present the item of the id, if there is one */
  add(id: ItemId, present: Observed | undefined, listener: () => void, activity: boolean): Subscription {
    const subscription = new Subscription(id, listener, activity)
    const observed = present ?? this.#absentee(id)
    subscription.next = observed.subscribers
    if (observed.subscribers !== undefined) observed.subscribers.previous = subscription
    observed.subscribers = subscription
    this.#count += 1
    if (activity) this.#activityCount += 1
    return subscription
  }

  /** Ends a subscription that has not ended. */
  remove(subscription: Subscription, present: Observed | undefined): void {
    const { previous, next } = subscription
    if (next !== undefined) next.previous = previous
    if (previous !== undefined) previous.next = next
    else if (present !== undefined) present.subscribers = next
    else if (next === undefined) this.#absent.delete(subscription.id)
    else this.#absentee(subscription.id).subscribers = next
    subscription.state = 'ended'
    this.#count -= 1
    if (subscription.activity) this.#activityCount -= 1
  }

  /** Hands over those who waited for the id, and tells them that it is there. */
  arrive(id: ItemId, present: Observed): void {
    const absentee = this.#absent.get(id)
    if (absentee === undefined) return
    this.#absent.delete(id)
    present.subscribers = absentee.subscribers
    this.tell(present, true)
  }

  /** Takes them back, and tells them that it is gone. */
  leave(id: ItemId, present: Observed): void {
    if (present.subscribers === undefined) return
    this.tell(present, true)
    this.#absent.set(id, { subscribers: present.subscribers })
    present.subscribers = undefined
  }

  /** @param visible whether more than activity changed */
  tell(observed: Observed, visible: boolean): void {
    if (!visible && this.#activityCount === 0) return
    for (let each = observed.subscribers; each !== undefined; each = each.next) {
      if (each.state !== 'idle' || (!visible && !each.activity)) continue
      each.state = 'pending'
      if (this.#pending.push(each) === 1) void Promise.resolve().then(() => this.#flush())
    }
  }

  #flush(): void {
    const pending = this.#pending
    this.#pending = []
    for (const subscription of pending) {
      // One of those before it may have ended it.
      if (subscription.state !== 'pending') continue
      subscription.state = 'idle'
      try {
        subscription.listener()
      } catch (error) {
        this.#report(error)
      }
    }
  }

  #absentee(id: ItemId): Observed {
    const known = this.#absent.get(id)
    if (known !== undefined) return known
    const observed = { subscribers: undefined }
    this.#absent.set(id, observed)
    return observed
  }
}
