import type { StatusAnswer, StatusTraffic } from './api.ts'
import type { Now } from './clock.ts'
import type { Fate } from './faults.ts'

const SECONDS_SHOWN = 60

type Counters = { -readonly [Key in keyof Omit<StatusTraffic, 'perSecond'>]: number }

/** Counts status requests of one kind. */
export class StatusCounter {
  readonly #now: Now
  /** Requests by second since the epoch, for the last minute. */
  readonly #bySecond = new Map<number, number>()
  readonly #counters: Counters = {
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

  constructor(now: Now) {
    this.#now = now
  }

  asked(ids: number): void {
    const counters = this.#counters
    counters.requests++
    counters.inFlight++
    counters.mostInFlight = Math.max(counters.mostInFlight, counters.inFlight)
    counters.ids += ids
    counters.mostIds = Math.max(counters.mostIds, ids)
    const second = this.#second()
    this.#bySecond.set(second, (this.#bySecond.get(second) ?? 0) + 1)
    this.#forgetBefore(second - SECONDS_SHOWN + 1)
  }

  settled({ kind }: Fate): void {
    this.#counters.inFlight--
    this.#counters[kind === 'rate-limited' ? 'rateLimited' : kind]++
  }

  answered(answers: readonly StatusAnswer[]): void {
    for (const { status } of answers) this.#counters[status]++
  }

  report(): StatusTraffic {
    const second = this.#second()
    const perSecond = Array.from(
      { length: SECONDS_SHOWN },
      (_, index) => this.#bySecond.get(second - SECONDS_SHOWN + 1 + index) ?? 0,
    )
    return { ...this.#counters, perSecond }
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
