import {
  type AutoRefreshOptions,
  InMemoryAutoRefresh,
  type ItemId,
  type Policy,
  type PolicyHooks,
  type SyncFunction,
} from '@auto-refresh/core'
import { adopt, type ItemState, observerCount, stateOf } from '@auto-refresh/core/adapter'
import { RemoteError } from '../protocol/errors.ts'
import type { SharedState } from '../protocol/message.ts'
import type { BackCache } from './back-cache.ts'

/** ms that the back keeps what nobody wants (K6). */
const GC_TIME = 30_000
/** Default of `retry.maxDelay`, ms. */
const MAX_DELAY = 60_000
/** ms by which the ages of one success may differ. */
const MARGIN = 10
/** ms after which a leader has heard what it wants itself, a reading of the store included (V5). */
const SETTLING = 2000

const NOTHING = (): void => undefined

/** The part of a leader that its back uses. No method may change the back, which asks it a question. */
export interface BackPort {
  /** True if nothing may be asked now. */
  isHeld(): boolean
  /** A call has settled. */
  settled(isFailed: boolean): void
}

/** Polls for a group while this member leads it. Its items are those that members want, and no others. */
export class Back<Item> {
  readonly cache: BackCache<Item>
  readonly #port: BackPort
  /** A new leader in an outage begins with one call (K18). */
  #probe: 'due' | 'running' | undefined
  /** ms for which the outage had lasted when this leader began; undefined: there was none, or it is over. */
  #outageFor: number | undefined
  /** ms on the cache's clock: no call by the clock before it. */
  #calmUntil = -Infinity
  /** ms on the cache's clock. */
  #now: () => number = () => 0
  #startedAt = 0
  readonly #maxDelay: number
  #wasHeld = false
  /** True if the last term has not simply been stopped: the page was away since, or another member led. */
  #isInterrupted = false
  /**
   * Items that failed in an earlier term, by their unsubscribe functions: the subscriptions keep their places in retry groups (L4,
   * T8).
   */
  readonly #kept = new Map<ItemId, () => void>()

  /**
   * @param create makes the cache
   */
  constructor(
    options: AutoRefreshOptions<Item>,
    sync: SyncFunction<Item>,
    create: (options: AutoRefreshOptions<Item>) => BackCache<Item>,
    port: BackPort,
  ) {
    this.#port = port
    const { policies = [], retry } = options
    this.#maxDelay = retry?.maxDelay ?? MAX_DELAY
    this.cache = create({
      ...options,
      sync,
      gcTime: GC_TIME,
      policies: [...policies.map(aboutCalls), this.#gate],
    })
  }

  /**
   * @param states what is known already
   * @param outageFor ms since a call of the group succeeded; undefined: there is no outage
   */
  start(states: readonly ItemState<Item>[], outageFor: number | undefined): void {
    this.#probe = outageFor === undefined ? undefined : 'due'
    this.#outageFor = outageFor
    this.#calmUntil = -Infinity
    adopt(
      this.cache,
      states.filter((state) => !this.#isKept(state)),
    )
    // A pause that ends is a return (T8): an outage of an earlier term is over, and what failed in it is due.
    if (this.#isInterrupted) this.cache.pause()
    this.cache.start()
    if (this.#isInterrupted) this.cache.resume()
    this.#isInterrupted = false
    this.#startedAt = this.#now()
    // What others want of it, they say within 30 s (K6).
    const own = new Set(states.map(({ id }) => id))
    for (const id of [...this.#kept.keys()]) if (!own.has(id)) this.#release(id)
  }

  /** The page was away, or another member leads. */
  interrupted(): void {
    this.#isInterrupted = true
  }

  /**
   * Takes what is stored, by its age. What failed is due now, because the failure may have been the last leader's (K18); but not
   * before the source wants it to be.
   */
  seed(states: readonly SharedState[], parse: (data: unknown) => Item): void {
    adopt(
      this.cache,
      states.flatMap(
        ({ id, item, validator, error, failureCount = 0, unchangedCount = 0, age, next, wait = 0 }) => {
          if (item === undefined) return []
          try {
            return {
              id,
              item: parse(item),
              validator,
              error: error && new RemoteError(error),
              failureCount,
              unchangedCount,
              age,
              next: failureCount > 0 ? wait : next,
            }
          } catch {
            // A state that cannot be read is not there (V3).
            return []
          }
        },
      ),
    )
  }

  stop(): Promise<void> {
    const stopped = this.cache.stop()
    // What a member of another group knows is that group's.
    const ids = this.cache instanceof InMemoryAutoRefresh ? [...this.cache.ids()] : []
    for (const id of ids) {
      if (this.#isFailing(id)) this.#keep(id)
      else this.#release(id)
    }
    if (this.#kept.size === 0) this.cache.clear()
    else for (const id of ids) if (!this.#kept.has(id)) this.cache.delete(id)
    return stopped
  }

  /** Forgets an item of an earlier term, because this member has deleted it. */
  drop(id: ItemId): void {
    if (!this.#kept.has(id) || this.cache.isRunning) return
    this.#release(id)
    this.cache.delete(id)
  }

  /** Forgets everything of earlier terms. */
  forget(): void {
    this.#releaseAll()
    this.cache.clear()
  }

  /** Asks again if it was held and is not any more. By now this member has told what it wants. */
  wake(): void {
    if (this.#now() - this.#startedAt >= SETTLING) this.#releaseAll()
    if (this.#wasHeld && !this.#port.isHeld()) adopt(this.cache, [])
  }

  /** True if somebody wants the item, and it has failed. */
  #isFailing(id: ItemId): boolean {
    const { status, failureCount } = this.cache.getSnapshot(id)
    const isPolled = (status === 'pending' || status === 'active') && observerCount(this.cache, id) > 0
    return failureCount > 0 && isPolled
  }

  #keep(id: ItemId): void {
    if (!this.#kept.has(id)) this.#kept.set(id, this.cache.subscribe(id, NOTHING, { create: false }))
  }

  #release(id: ItemId): void {
    this.#kept.get(id)?.()
    this.#kept.delete(id)
  }

  #releaseAll(): void {
    for (const id of [...this.#kept.keys()]) this.#release(id)
  }

  /** True if the cache goes on with what it knows of an item. A success since, of whoever led, counts more. */
  #isKept({ id, age = Infinity }: ItemState<Item>): boolean {
    if (!this.#kept.has(id)) return false
    const own = stateOf(this.cache, id)
    if (age + MARGIN >= (own?.age ?? Infinity)) return true
    this.#release(id)
    this.cache.delete(id)
    return false
  }

  /** ms for which no call by the clock begins (K18). */
  get calm(): number {
    return this.#calmUntil - this.#now()
  }

  readonly #gate: Policy = ({ now: time }) => {
    this.#now = time
    return this.#hooks
  }

  readonly #hooks: PolicyHooks<unknown> = {
    startAt: (_, isAsked) => {
      this.#wasHeld = this.#port.isHeld()
      if (this.#wasHeld || this.#probe === 'running') return Infinity
      return isAsked ? -Infinity : this.#calmUntil
    },
    callStarted: () => {
      if (this.#probe === 'due') this.#probe = 'running'
    },
    callSettled: (now, isFailed) => {
      this.#probe = undefined
      if (!isFailed) this.#outageFor = undefined
      // Its own back-off begins anew, and the outage does not: the next call waits about as long as it has lasted.
      else if (this.#outageFor !== undefined) {
        const delay = Math.min(this.#outageFor, this.#maxDelay)
        this.#calmUntil = now + delay
        this.#outageFor += delay
      }
      this.#port.settled(isFailed)
    },
  }
}

/** Of a policy, what is about calls. Its other hooks are about items, and those are each member's own (K3). */
function aboutCalls<Item>(policy: Policy<Item>): Policy<Item> {
  return (host) => {
    const { startAt, callStarted, callSettled, batches } = policy(host)
    return {
      ...(startAt && { startAt }),
      ...(callStarted && { callStarted }),
      ...(callSettled && { callSettled }),
      ...(batches && { batches }),
    }
  }
}
