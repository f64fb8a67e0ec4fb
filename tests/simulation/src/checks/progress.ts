import type { Life } from '../users/life.ts'
import type { Observers } from '../users/observers.ts'
import type { Requests } from '../users/requests.ts'
import type { Outcome } from '../world/call.ts'
import type { Entry } from '../world/entry.ts'
import type { Ledger } from '../world/ledger.ts'
import type { World } from '../world/world.ts'
import type { EventChecks } from './events.ts'

/** More timers at one instant are a storm. */
const MOST_FIRES = 60
/** ms by which a timer may be late before calls get time (T5). */
const GRACE = 1000

/** At the end of a turn nothing waits that could go, and nothing is left that should be gone (L3, L5, S1, S4, S8, T1, W12, P7). */
export class ProgressChecks {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #requests: Requests
  readonly #observers: Observers
  readonly #life: Life
  readonly #events: EventChecks
  /** A hold-off may last until then (F8). */
  #holdUntil = -Infinity
  #pollableSince = 0

  constructor(
    world: World,
    ledger: Ledger,
    requests: Requests,
    observers: Observers,
    life: Life,
    events: EventChecks,
  ) {
    this.#world = world
    this.#ledger = ledger
    this.#requests = requests
    this.#observers = observers
    this.#life = life
    this.#events = events
  }

  settled(outcome: Outcome, size: number): void {
    const { now } = this.#world
    if (!outcome.hasFailed || !(Number(outcome.retryAfter) > 0)) return
    // F20: that of one item may be one, too. How many failed before it is not known in order, if they settle at once.
    const longest = size > 1 ? 3_600_000 : this.#world.maxDelay
    this.#holdUntil = Math.max(this.#holdUntil, now + Math.min(Number(outcome.retryAfter), longest))
  }

  endTurn(): void {
    const world = this.#world
    const { clock, calls } = world
    this.#timers()
    for (const call of calls) {
      if (call.state !== 'running') continue
      world.check(this.#life.isRunning, 'L3', () => `call ${call.number} is not aborted by the stop`)
      if (clock.next <= world.now || clock.isDisturbed || world.script.clock !== 'normal') continue
      const deadline = Math.max(call.startedAt + world.timeout, clock.foundAt + GRACE)
      world.check(
        world.now <= deadline + 1,
        'T1',
        () => `call ${call.number} runs for ${world.now - call.startedAt} ms`,
      )
    }
    if (clock.next <= world.now || !this.#life.isRunning) {
      this.#pollableSince = world.now
      return
    }
    this.#lifetimes()
    this.#slots()
  }

  /** L5, S10 */
  #timers(): void {
    const world = this.#world
    const { armed, wrongDelay } = world.clock
    const isIdle = ![...world.calls].some(({ state }) => state === 'running' || state === 'aborted')
    world.check(armed <= 1, 'L5', () => `${armed} timers`)
    world.check(wrongDelay === undefined, 'S10', () => `a timer of ${String(wrongDelay)} ms`)
    if (isIdle && (!this.#life.isRunning || this.#ledger.entries.size === 0))
      world.check(armed === 0 || this.#isLost(), 'L5', () => 'a timer for nothing')
  }

  /** Time was lost just now: slots and calls last longer. */
  #isLost(): boolean {
    const { clock, now } = this.#world
    return clock.isDisturbed || now <= clock.foundAt + GRACE
  }

  checkStorm(fires: number): boolean {
    this.#world.check(fires < MOST_FIRES, 'L5', () => `${fires} timers at one instant`)
    return fires >= MOST_FIRES
  }

  /** New items and items that were asked for get the next free slot. */
  #slots(): void {
    const world = this.#world
    const { options, clock } = world.script
    const { rateLimit, batches } = options
    if (
      world.isLost ||
      world.clock.isDisturbed ||
      clock !== 'normal' ||
      rateLimit !== undefined ||
      world.now < this.#holdUntil
    )
      return
    if (batches !== undefined && batches !== 'regions' && batches !== 'pairs') return
    const lasts = world.timeout + GRACE + 1
    const busy = [...world.calls].filter(
      ({ state, startedAt }) =>
        state === 'running' ||
        (state === 'aborted' && world.now < Math.max(startedAt, world.clock.foundAt) + lasts),
    )
    if (busy.length >= world.concurrency) return
    const isFailing = this.#events.failures > 0
    const isBlocked = ({ id }: Entry): boolean => busy.some((call) => call.sent.has(id))
    for (const entry of this.#ledger.unsent)
      if (this.#isDue(entry) && !isBlocked(entry) && !this.#isLimited(entry))
        world.violations.add('S4', `${JSON.stringify(entry.id)} is new and waits beside a free slot`)
    for (const entry of this.#ledger.entries.values())
      // In an outage a request waits, whatever its item would do by the clock (S15).
      if (this.#isOverdue(entry) && !isBlocked(entry) && !(isFailing && this.#requests.isAskedFor(entry.id)))
        world.violations.add('S9', `${JSON.stringify(entry.id)} is overdue and waits beside a free slot`)
    if (isFailing) return
    for (const id of this.#requests.ids()) {
      const entry = this.#ledger.entries.get(id)
      if (entry === undefined || entry.failedCalls > 0 || isBlocked(entry)) continue
      if (this.#requests.isUnserved(id))
        world.violations.add('S8', `${JSON.stringify(id)} is asked for and waits beside a free slot`)
    }
  }

  /** S1, P1: a new item that nothing holds back. */
  #isDue(entry: Entry): boolean {
    const { syncOnCreate = true, batchWindow = 0 } = this.#world.script.options
    const { status, createdAt } = entry
    const isFirst = status === 'pending'
    if (!this.#isPolled(entry) || entry.isSettled || !(isFirst || syncOnCreate)) return false
    if (this.#life.isPaused && !isFirst) return false
    return (
      this.#world.now > Math.max(createdAt, this.#pollableSince) + batchWindow + (batchWindow > 0 ? 1 : 0)
    )
  }

  /** S2, S9, T6: a healthy item whose interval has passed, awake or asleep. */
  #isOverdue(entry: Entry): boolean {
    const { options, intervals } = this.#world.script
    const { jitter = 0.1 } = options
    if (!this.#isPolled(entry) || entry.failureCount > 0 || entry.failedCalls > 0) return false
    if (this.#life.isPaused || this.#world.hasLongInterval) return false
    if (!entry.isSettled || entry.settledAt === -Infinity) return false
    const all = options.interval === 'function' ? [100, ...intervals] : [options.interval]
    const longest = Math.max(
      this.#world.longestInterval,
      ...all.map((one) => (typeof one === 'number' && one > 0 ? one : this.#world.maxDelay)),
    )
    return this.#world.sure > entry.settledAt + Math.max(1, longest) * (1 + jitter) + 1
  }

  /** P7, S9, T3: the clock may refresh it. */
  #isPolled({ status, isMarked, isOwned, id }: Entry): boolean {
    if (isMarked || (status !== 'active' && status !== 'pending')) return false
    const { isVisible, isOnline } = this.#world.platform
    return isVisible && isOnline && (isOwned || this.#observers.count(id) > 0)
  }

  /** S14, S15: in an outage a request waits if it takes a batch of a policy along, or goes past the user's pause. */
  #isLimited({ id, reopens, wasIdle }: Entry): boolean {
    // One that was asked for while it was terminal, or while nobody observed it, was not due then.
    const isSpecial =
      this.#world.script.options.batches !== undefined || this.#life.isPaused || reopens || wasIdle
    return isSpecial && this.#events.failures > 0 && this.#requests.isAskedFor(id)
  }

  /** P6, P7, W12: not too late either. */
  #lifetimes(): void {
    const world = this.#world
    const { options, clock, kind } = world.script
    if (clock !== 'normal' || kind === 'field' || world.clock.isDisturbed) return
    const { maxAge = Infinity, terminalTtl = Infinity } = options.expiry ?? {}
    const { gcTime = 300_000 } = options
    const { sure } = world
    for (const entry of this.#ledger.entries.values()) {
      const { id, status, createdWall, endedAt, isOwned, unobservedAt } = entry
      const isEnded = status === 'terminal' || status === 'expired'
      const name = JSON.stringify(id)
      if (isEnded)
        world.check(sure <= endedAt + terminalTtl + 1, 'W12', () => `${name} outlives its terminalTtl`)
      else world.check(sure <= createdWall + maxAge + 1, 'W12', () => `${name} outlives its maxAge`)
      const isFree = !isOwned && this.#observers.count(id) === 0
      world.check(!isFree || sure <= unobservedAt + gcTime + 1, 'P7', () => `${name} outlives its gcTime`)
    }
  }
}
