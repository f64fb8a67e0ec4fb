import type { Batch } from '@auto-refresh/core'
import type { Item } from '../script.ts'
import type { Observers } from '../users/observers.ts'
import type { Life } from '../users/life.ts'
import type { Requests } from '../users/requests.ts'
import type { Call } from '../world/call.ts'
import type { Entry } from '../world/entry.ts'
import type { Ledger } from '../world/ledger.ts'
import type { World } from '../world/world.ts'

/** Tolerance for sums of ms. */
const EPSILON = 0.01

/** Checks each call at its start: limits, and that every item in it is due. */
export class CallChecks {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #requests: Requests
  readonly #observers: Observers
  readonly #life: Life
  readonly #starts: number[] = []
  /** The smallest interval that was ever set. */
  #shortest: number

  constructor(world: World, ledger: Ledger, requests: Requests, observers: Observers, life: Life) {
    this.#world = world
    this.#ledger = ledger
    this.#requests = requests
    this.#observers = observers
    this.#life = life
    const { interval } = world.script.options
    this.#shortest = interval === 'function' ? shortestOf(world.script.intervals) : interval
  }

  intervalChanged(ms: number): void {
    this.#shortest = Math.min(this.#shortest, ms)
  }

  started(call: Call, batch: Batch<Item>): void {
    const world = this.#world
    const { ids, number } = call
    const { batchSize, batches, rateLimit } = { batchSize: world.batchSize, ...world.script.options }
    const name = (): string => `call ${number} (${call.kind}) of ${ids.slice(0, 10).join()}`
    this.#limits(call, name)
    world.check(this.#life.isRunning, 'L3', () => `${name()} starts, and the cache is stopped`)
    world.check(
      ids.length > 0 && new Set(ids).size === ids.length,
      'S6',
      () => `${name()} is empty or names one twice`,
    )
    world.check(
      ids.length <= batchSize || batches !== undefined,
      'S5',
      () => `${name()} has ${ids.length} items`,
    )
    if (rateLimit !== undefined && world.script.clock === 'normal') this.#rate(rateLimit, name)
    for (const { id, item, validator } of batch) {
      const entry = this.#ledger.entries.get(id)
      if (entry === undefined) {
        world.check(world.reactions > 0, 'S6', () => `${name()} has ${JSON.stringify(id)}, which is absent`)
        continue
      }
      const isPresent = item === world.cache.getSnapshot(id).item
      world.check(
        isPresent || world.acted.has(id),
        'S6',
        () => `${name()} sends an old ${JSON.stringify(id)}`,
      )
      world.check(
        entry.isValidatorVague || validator === entry.validator || world.acted.has(id),
        'W11',
        () =>
          `${name()} sends validator ${String(validator)} of ${JSON.stringify(id)}, not ${String(entry.validator)}`,
      )
      if (!this.#requests.isAskedFor(id)) this.#byTheClock(entry, call, name)
      this.#apart(call, entry, name)
    }
  }

  /** S3, S4, F10 */
  #limits(call: Call, name: () => string): void {
    const world = this.#world
    const others = [...world.calls].filter((one) => world.occupies(one))
    const retries = others.filter((one) => one.kind === 'retry' || one.kind === 'probe')
    world.check(
      others.length < world.concurrency,
      'S4',
      () => `${name()} starts beside ${others.length} others`,
    )
    if (call.kind === 'retry' || call.kind === 'probe')
      world.check(
        retries.length < Math.max(1, world.concurrency - 1),
        'F10',
        () => `${name()} starts beside ${retries.length} other retry calls`,
      )
    for (const other of others) {
      const shared = call.ids.find((id) => other.sent.has(id))
      world.check(
        shared === undefined,
        'S3',
        () => `${name()} and call ${other.number} share ${JSON.stringify(shared)}`,
      )
    }
  }

  /** S4: in no span of time more starts than the bucket holds and gains. */
  #rate(
    { calls, per, burst = calls }: { calls: number; per: number; burst?: number },
    name: () => string,
  ): void {
    const now = this.#world.wall
    this.#starts.push(now)
    if (this.#starts.length > 60) this.#starts.shift()
    for (const [index, start] of this.#starts.entries()) {
      const count = this.#starts.length - index
      const allowed = burst + ((now - start) * calls) / per
      this.#world.check(
        count <= allowed + EPSILON,
        'S4',
        () => `${name()} is number ${count} in ${now - start} ms`,
      )
    }
  }

  /** S9, T3, G5: pauses hold, and only polled items go. */
  #byTheClock(entry: Entry, call: Call, name: () => string): void {
    const world = this.#world
    const { platform, script, cache } = world
    const { refreshWhenHidden = false, refreshWhenOffline = false } = script.options
    const id = JSON.stringify(entry.id)
    // While a call is told to start, the application may have changed everything.
    if (world.acted.has(entry.id) || world.reactions > 0) return
    world.check(!entry.isMarked, 'S6', () => `${name()} has ${id}, which is marked`)
    world.check(
      entry.status === 'active' || entry.status === 'pending',
      'S9',
      () => `${name()} has ${id}, which is ${entry.status}`,
    )
    const isPolled = entry.isOwned || this.#observers.count(entry.id) > 0
    world.check(isPolled, 'P7', () => `${name()} has ${id}, which nobody observes`)
    // S14, G5: a policy's batch goes as a whole, if one of its items does.
    const together = script.options.batches === undefined ? [] : call.ids
    const isAsked = together.some((each) => this.#requests.isAskedFor(each))
    const isFirst = [entry.id, ...together].some((each) => isFirstFetch(this.#ledger.entries.get(each)))
    const mayGo = isAsked || isFirst
    world.check(!this.#life.isPaused || mayGo, 'G5', () => `${name()} starts in the user's pause`)
    const isHidden = !platform.isVisible && refreshWhenHidden === false
    const isOffline = !platform.isOnline && refreshWhenOffline === false
    world.check(
      (!isHidden && !isOffline) || isAsked,
      'T3',
      () => `${name()} starts, and the page is ${cache.getStatus().state}`,
    )
    this.#early(entry, call, name)
  }

  /** S5, F2, F5, F8, F15, S7: nothing by the clock before half of its interval, or before its delay after a failure. */
  #early(entry: Entry, { kind }: Call, name: () => string): void {
    const { wall, maxDelay, script } = this.#world
    if (!entry.isSettled || script.clock !== 'normal') return
    const waited = wall - (entry.failedCalls > 0 ? entry.calledAt : entry.settledAt)
    const factor = script.options.retry?.factor ?? 2
    const usual = Math.min(this.#shortest, maxDelay)
    // An interval that is no number counts as `maxDelay`, and its failures are not counted here.
    const itemDelay = usual * factor ** (entry.itemFailures - 1)
    const least =
      entry.failedCalls > 0
        ? Math.min(1000, this.#shortest, maxDelay)
        : entry.itemFailures > 0
          ? Math.min(itemDelay, maxDelay) / 2
          : this.#shortest / 2
    // A success shows that the source is back: then the group of a failed probe goes on.
    if (entry.failedCalls > 0 && this.#world.succeededAt >= entry.calledAt) return
    // In a hold-off, single items are tried `maxDelay` apart, however long a trial takes (F8).
    const isTrial = kind === 'probe' && wall - entry.calledFrom >= maxDelay - 1
    const isFree = entry.failedCalls > 0 && (entry.isRetriedByAdopted || entry.wasAsked || isTrial)
    this.#world.check(
      waited >= least - 1 || !Number.isFinite(least) || isFree,
      entry.failedCalls > 0 ? 'F5' : entry.itemFailures > 0 ? 'F2' : 'S5',
      () => `${name()} has ${JSON.stringify(entry.id)} after ${waited} ms, and at least ${least} are right`,
    )
    this.#world.check(
      wall >= entry.retryAt - EPSILON,
      'F15',
      () => `${name()} has ${JSON.stringify(entry.id)} ${entry.retryAt - wall} ms before its retryAfter`,
    )
  }

  /** F5: items whose last call failed never share one with others. */
  #apart(call: Call, entry: Entry, name: () => string): void {
    const first = this.#ledger.entries.get(call.ids[0] ?? '')
    if (first === undefined || this.#world.script.options.batches === 'twice-and-unknown') return
    // While a call is told to start, its items may be deleted and created again.
    const isThis = ({ id, generation }: Entry): boolean => call.sent.get(id)?.generation === generation
    if (!isThis(first) || !isThis(entry)) return
    this.#world.check(
      first.failedCalls > 0 === entry.failedCalls > 0,
      'F5',
      () =>
        `${name()} mixes ${JSON.stringify(first.id)} and ${JSON.stringify(entry.id)}, of which one has failed`,
    )
  }
}

function shortestOf(intervals: readonly (number | 'throws')[]): number {
  const good = intervals.filter((one): one is number => typeof one === 'number' && one > 0)
  return Math.max(1, Math.min(...good, good.length < intervals.length ? 1 : Infinity))
}

function isFirstFetch(entry: Entry | undefined): boolean {
  return entry !== undefined && entry.wasPending && (!entry.isSettled || entry.isAdopted)
}
