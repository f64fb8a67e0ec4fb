import type { AutoRefreshOptions, Policy, SyncFunction } from '@auto-refresh/core'
import { adopt, type ItemState } from '@auto-refresh/core/adapter'
import { RemoteError } from '../protocol/errors.ts'
import type { SharedState } from '../protocol/message.ts'
import type { BackCache } from './back-cache.ts'

/** ms that the back keeps what nobody wants (K6). */
const GC_TIME = 30_000
/** Default of `retry.maxDelay`, ms. */
const MAX_DELAY = 60_000

/** Polls for a group while this member leads it. Its items are those that members want, and no others. */
export class Back<Item> {
  readonly cache: BackCache<Item>
  readonly #isHeld: () => boolean
  readonly #settled: (isFailed: boolean) => void
  /** A new leader in an outage begins with one call (K18). */
  #probe: 'due' | 'running' | undefined
  /** ms for which the outage had lasted when this leader began; undefined: there was none, or it is over. */
  #outageFor: number | undefined
  /** ms on the cache's clock: no call by the clock before it. */
  #calmUntil = -Infinity
  readonly #maxDelay: number
  #wasHeld = false

  /**
   * @param create makes the cache
   * @param isHeld true if nothing may be asked now
   * @param settled called when a call has settled
   */
  constructor(
    options: AutoRefreshOptions<Item>,
    sync: SyncFunction<Item>,
    create: (options: AutoRefreshOptions<Item>) => BackCache<Item>,
    isHeld: () => boolean,
    settled: (isFailed: boolean) => void,
  ) {
    this.#isHeld = isHeld
    this.#settled = settled
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
    adopt(this.cache, states)
    this.cache.start()
  }

  /** Takes what is stored, by its age. What failed is due now, because the failure may have been the last leader's (K18). */
  seed(states: readonly SharedState[], parse: (data: unknown) => Item): void {
    adopt(
      this.cache,
      states.flatMap(({ id, item, validator, error, failureCount = 0, unchangedCount = 0, age, next }) => {
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
            next: failureCount > 0 ? 0 : next,
          }
        } catch {
          // A state that cannot be read is not there (V3).
          return []
        }
      }),
    )
  }

  stop(): Promise<void> {
    const stopped = this.cache.stop()
    this.cache.clear()
    return stopped
  }

  /** Asks again if it was held and is not any more. */
  wake(): void {
    if (this.#wasHeld && !this.#isHeld()) adopt(this.cache, [])
  }

  readonly #gate: Policy = () => ({
    startAt: (_, isAsked) => {
      this.#wasHeld = this.#isHeld()
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
      this.#settled(isFailed)
    },
  })
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
