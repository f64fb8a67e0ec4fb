import {
  type AutoRefreshOptions,
  InMemoryAutoRefresh,
  type Policy,
  type SyncFunction,
} from '@auto-refresh/core'
import { adopt, type ItemState } from '@auto-refresh/core/adapter'

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
