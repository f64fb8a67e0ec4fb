import { INTERVAL } from '@auto-refresh/demo-server/job'

/** Jobs in a request. */
const BATCH = 100
/** ms: of a longer time the page does not know what it would have asked. */
const MOST_PASSED = 2000

/** Counts the requests that a page would have sent for itself: one an interval for each batch of its active jobs. */
export class OwnPolls {
  readonly #now: () => number
  #at: number
  #batches = 0
  #polls = 0

  /** @param now ms */
  constructor(now: () => number) {
    this.#now = now
    this.#at = now()
  }

  /** @param active jobs that it asks for from now on; 0 while it would not ask */
  look(active: number): void {
    const now = this.#now()
    this.#polls += this.#batches * (Math.min(now - this.#at, MOST_PASSED) / INTERVAL)
    this.#at = now
    this.#batches = Math.ceil(active / BATCH)
  }

  get count(): number {
    return Math.round(this.#polls)
  }
}
