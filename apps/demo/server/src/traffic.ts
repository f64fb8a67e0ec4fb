import type { StatusAnswer, StatusTraffic, Traffic } from './api.ts'
import type { Now } from './clock.ts'
import type { Fate } from './faults.ts'

const SECONDS_SHOWN = 60

type Counters = { -readonly [Key in keyof Omit<StatusTraffic, 'perSecond'>]: number }

/** Counts what is asked of the farm. */
export class TrafficCounter {
  readonly #now: Now
  readonly #since: number
  /** Requests by second since the epoch, for the last minute. */
  readonly #bySecond = new Map<number, number>()
  readonly #status: Counters = {
    requests: 0,
    mostInFlight: 0,
    inFlight: 0,
    ids: 0,
    mostIds: 0,
    changed: 0,
    unchanged: 0,
    gone: 0,
    answered: 0,
    rateLimited: 0,
    failed: 0,
    abandoned: 0,
  }
  #submitted = 0
  #cancelled = 0
  #images = 0

  constructor(now: Now) {
    this.#now = now
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

  statusAsked(ids: number): void {
    const status = this.#status
    status.requests++
    status.inFlight++
    status.mostInFlight = Math.max(status.mostInFlight, status.inFlight)
    status.ids += ids
    status.mostIds = Math.max(status.mostIds, ids)
    const second = this.#second()
    this.#bySecond.set(second, (this.#bySecond.get(second) ?? 0) + 1)
    this.#forgetBefore(second - SECONDS_SHOWN + 1)
  }

  statusSettled({ kind }: Fate): void {
    this.#status.inFlight--
    this.#status[kind === 'rate-limited' ? 'rateLimited' : kind]++
  }

  statusAnswered(answers: readonly StatusAnswer[]): void {
    for (const { status } of answers) this.#status[status]++
  }

  report(): Traffic {
    const second = this.#second()
    const perSecond = Array.from(
      { length: SECONDS_SHOWN },
      (_, index) => this.#bySecond.get(second - SECONDS_SHOWN + 1 + index) ?? 0,
    )
    return {
      since: this.#since,
      submitted: this.#submitted,
      cancelled: this.#cancelled,
      images: this.#images,
      status: { ...this.#status, perSecond },
    }
  }

  #second(): number {
    return Math.floor(this.#now() / 1000)
  }

  #forgetBefore(second: number): void {
    for (const counted of this.#bySecond.keys()) {
      if (counted < second) this.#bySecond.delete(counted)
    }
  }
}
