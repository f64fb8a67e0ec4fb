import type { InMemoryAutoRefresh } from '@auto-refresh/core'
import type { Item, Mood, Script } from '../script.ts'
import { Violations } from '../violation.ts'
import type { Call } from './call.ts'
import type { SimulatedClock } from './clock.ts'
import { LeftOver } from './left-over.ts'
import type { Platform } from './platform.ts'

/** Everything that a run consists of, and what happened in the present turn. */
export class World {
  readonly script: Script
  readonly clock: SimulatedClock
  readonly platform: Platform
  readonly leftOver: LeftOver | undefined
  readonly violations = new Violations()
  readonly trace: ((line: string) => void) | undefined
  readonly calls = new Set<Call>()
  callCount = 0
  /** Number of items that the field run has; decides which are bad. */
  size = 0
  /** Number of turns so far. */
  turn = 0
  /** From now on the backend tells the plain truth. */
  isHealed = false
  /** ms; the longest of those that the source asked for, and that the application set. */
  longestRetryAfter = 0
  longestInterval = 0
  /** ms; the longest that an adopted state stands for. */
  longestNext = 0
  /** An interval was set that nobody waits for. */
  hasLongInterval = false
  mood: Mood = { latency: 1 }
  /** Ids that something happened to in this turn. */
  readonly touched = new Set<string>()
  /** Ids of which a call has settled in this turn. */
  readonly settled = new Set<string>()
  /** Ids that the application wrote to, created, deleted or subscribed to in this turn; and of which two calls settled. */
  readonly acted = new Set<string>()
  /** It did something to the whole cache in this turn. */
  hasActedOnAll = false
  /** Depth of methods that the application calls. */
  performing = 0
  /** Depth of `adopt` and `hydrate` among them. */
  adopting = 0
  /** Depth of questions to the application; in them it may only read (O3). */
  questions = 0
  /** When a call last succeeded, in the time that has passed at most. */
  succeededAt = -Infinity
  /** The turn in which a `mutate` last released its item. */
  releasedIn = -1
  /** Number of stops of the running cache. */
  stops = 0
  /** Number of callbacks that have acted in this turn. */
  reactions = 0
  /** Callbacks ran within callbacks: their order can no longer be told, and the run ends without a verdict. */
  isLost = false
  #cache: InMemoryAutoRefresh<Item> | undefined
  #order = 0

  constructor(script: Script, clock: SimulatedClock, platform: Platform, trace?: (line: string) => void) {
    this.script = script
    this.leftOver = LeftOver.for(script.seed)
    this.clock = clock
    this.platform = platform
    this.trace = trace
  }

  get cache(): InMemoryAutoRefresh<Item> {
    if (this.#cache === undefined) throw new Error('the cache is not made yet')
    return this.#cache
  }

  set cache(cache: InMemoryAutoRefresh<Item>) {
    this.#cache = cache
  }

  /** The next place in the order of everything that happens. */
  order(): number {
    this.#order += 1
    return this.#order
  }

  get now(): number {
    return this.clock.time
  }

  /** The time that has passed at most, sleep included. */
  get wall(): number {
    return this.clock.time + this.clock.leaps
  }

  /** `wall` without the sleeps that no timer has found yet: a lower bound. */
  get sure(): number {
    return this.clock.time + this.clock.found
  }

  get timeout(): number {
    return this.script.options.timeout ?? 30_000
  }

  get concurrency(): number {
    return this.script.options.concurrency ?? 4
  }

  get batchSize(): number {
    return this.script.options.batchSize ?? 100
  }

  get maxDelay(): number {
    return this.script.options.retry?.maxDelay ?? 60_000
  }

  /** The call is unsettled, and an aborted one has not outlived its timeout (L4). */
  occupies(call: Call): boolean {
    if (call.state === 'running') return true
    // A clock that stands still counts less than has passed.
    const isExact = this.script.clock === 'normal'
    return isExact && call.state === 'aborted' && this.wall < call.startedWall + this.timeout
  }

  /** The call that holds the id, if one does. */
  callOf(id: string): Call | undefined {
    for (const call of this.calls) if (call.sent.has(id) && this.occupies(call)) return call
    return undefined
  }

  heal(): void {
    this.isHealed = true
    this.mood = { latency: 1 }
  }

  check(holds: boolean, rule: string, message: () => string): void {
    if (!this.isLost) this.violations.check(holds, rule, message)
  }

  endTurn(): void {
    this.turn += 1
    this.touched.clear()
    this.acted.clear()
    this.settled.clear()
    this.reactions = 0
    this.hasActedOnAll = false
    for (const call of this.calls)
      if (call.state !== 'running' && call.state !== 'aborted') this.calls.delete(call)
  }
}
