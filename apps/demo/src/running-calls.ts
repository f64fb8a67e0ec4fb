import type { AutoRefreshEvent } from '@auto-refresh/core'

/** Knows since when the calls of a cache run, from its events. */
export class RunningCalls {
  readonly #now: () => number
  /** The start of each, epoch ms, oldest first. */
  readonly #started = new Map<number, number>()

  constructor(now: () => number) {
    this.#now = now
  }

  record(event: AutoRefreshEvent<unknown>): void {
    if (event.type === 'sync-started') this.#started.set(event.call, this.#now())
    if (event.type === 'sync-settled') this.#started.delete(event.call)
    if (event.type === 'stopped') this.#started.clear()
  }

  /** ms for which the oldest one has run; 0 if none runs. */
  get waitingFor(): number {
    const [oldest] = this.#started.values()
    return oldest === undefined ? 0 : this.#now() - oldest
  }
}
