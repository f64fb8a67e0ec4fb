import {
  type AutoRefreshOptions,
  InMemoryAutoRefresh,
  type Policy,
  type SyncFunction,
} from '@auto-refresh/core'
import { adopt, type ItemState } from '@auto-refresh/core/adapter'
import { RemoteError } from '../protocol/errors.ts'
import type { SharedState } from '../protocol/message.ts'

/** ms that the back keeps what nobody wants (K6). */
const GC_TIME = 30_000

/** Polls for a group while this member leads it. Its items are those that members want, and no others. */
export class Back<Item> {
  readonly cache: InMemoryAutoRefresh<Item>
  #isHeld: () => boolean
  /** A new leader in an outage begins with one call (K18). */
  #probe: 'due' | 'running' | undefined
  #wasHeld = false

  /** @param isHeld true if nothing may be asked now */
  constructor(options: AutoRefreshOptions<Item>, sync: SyncFunction<Item>, isHeld: () => boolean) {
    this.#isHeld = isHeld
    const { policies = [] } = options
    this.cache = new InMemoryAutoRefresh<Item>({
      ...options,
      sync,
      gcTime: GC_TIME,
      policies: [...policies.map(aboutCalls), this.#gate],
    })
  }

  /** @param states what is known already */
  start(states: readonly ItemState<Item>[], isProbing: boolean): void {
    this.#probe = isProbing ? 'due' : undefined
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
          // What cannot be read is not there (V3).
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
    startAt: () => {
      this.#wasHeld = this.#isHeld()
      return this.#wasHeld || this.#probe === 'running' ? Infinity : -Infinity
    },
    callStarted: () => {
      if (this.#probe === 'due') this.#probe = 'running'
    },
    callSettled: () => {
      this.#probe = undefined
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
