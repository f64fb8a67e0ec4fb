import type { AutoRefreshEvent } from '@auto-refresh/core'

/** What the cache is about, in one word. */
export type Condition = 'stopped' | 'running' | 'paused' | 'outage'

/** Follows the cache's condition through its events. */
export class CacheCondition {
  #running = false
  #paused = false
  #outage = false

  record({ type }: AutoRefreshEvent<unknown>): void {
    if (type === 'started' || type === 'stopped') this.#running = type === 'started'
    if (type === 'paused' || type === 'resumed') this.#paused = type === 'paused'
    if (type === 'outage-started' || type === 'outage-ended') this.#outage = type === 'outage-started'
  }

  get current(): Condition {
    if (!this.#running) return 'stopped'
    if (this.#paused) return 'paused'
    return this.#outage ? 'outage' : 'running'
  }
}
