import type { NodeStatusAnswer, NodeTraffic } from './api-nodes.ts'
import type { Traffic } from './api.ts'
import type { Now } from './clock.ts'
import { StatusCounter } from './status-counter.ts'

/** Counts the requests to the farm. */
export class TrafficCounter {
  /** Status requests, without those of a timer per job. */
  readonly status: StatusCounter
  /** Status requests of a timer per job, counted apart for comparison. */
  readonly timers: StatusCounter
  readonly #since: number
  readonly #nodes = { requests: 0, ids: 0, changed: 0, unchanged: 0 }
  #submitted = 0
  #cancelled = 0
  #images = 0

  constructor(now: Now) {
    this.status = new StatusCounter(now)
    this.timers = new StatusCounter(now)
    this.#since = now()
  }

  submitted(): void {
    this.#submitted++
  }

  cancelled(jobs: number): void {
    this.#cancelled += jobs
  }

  imageSent(): void {
    this.#images++
  }

  nodesAnswered(answers: readonly NodeStatusAnswer[]): void {
    this.#nodes.requests++
    this.#nodes.ids += answers.length
    for (const { status } of answers) if (status !== 'gone') this.#nodes[status]++
  }

  report(): Traffic {
    return {
      since: this.#since,
      submitted: this.#submitted,
      cancelled: this.#cancelled,
      images: this.#images,
      status: this.status.report(),
      timers: this.timers.report(),
      nodes: { ...this.#nodes } satisfies NodeTraffic,
    }
  }
}
