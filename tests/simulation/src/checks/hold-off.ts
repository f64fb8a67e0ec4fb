import type { AutoRefreshEvent } from '@auto-refresh/core'
import type { Item } from '../script.ts'
import type { Ledger } from '../world/ledger.ts'
import type { World } from '../world/world.ts'

type Started = Extract<AutoRefreshEvent<Item>, { type: 'sync-started' }>
type Settled = Extract<AutoRefreshEvent<Item>, { type: 'sync-settled' }>

/** ms; a longer `retryAfter` counts as this. */
const LONGEST = 3_600_000

/** The hold-off (F8): after a call of several healthy items has thrown a `retryAfter`, nothing starts by the clock. */
export class HoldOff {
  readonly #world: World
  readonly #ledger: Ledger
  /** The sizes of running calls of healthy items. */
  readonly #healthy = new Map<number, number>()
  /** Calls of such items that failed since one succeeded. */
  #failures = 0
  #calls = 0
  /** Calls after this one end it by a success. */
  #after = Infinity
  /** When it ends at the latest, in the time that has passed at most. */
  #until = -Infinity

  constructor(world: World, ledger: Ledger) {
    this.#world = world
    this.#ledger = ledger
  }

  started({ call, kind, ids }: Started): void {
    const { wall, script } = this.#world
    const { entries } = this.#ledger
    this.#calls = call
    const areHealthy = ids.every((id) => entries.get(id)?.failedCalls === 0)
    if (areHealthy && script.options.batches === undefined) this.#healthy.set(call, ids.length)
    this.#world.check(
      kind !== 'clock' || wall >= this.#until - 1 || script.clock !== 'normal',
      'F8',
      () =>
        `call ${call} of ${ids.slice(0, 10).join()} starts ${this.#until - wall} ms before the hold-off ends`,
    )
  }

  settled({ call, ...rest }: Settled): void {
    const { wall } = this.#world
    const size = this.#healthy.get(call) ?? 0
    this.#healthy.delete(call)
    if (!('error' in rest)) {
      this.#failures = 0
      if (call > this.#after) this.#until = -Infinity
      return
    }
    if (size > 0) this.#failures += 1
    const { error } = rest
    const retryAfter = error instanceof Error && 'retryAfter' in error ? Number(error.retryAfter) : 0
    const { concurrency, maxDelay } = this.#world
    const isLone = size === 1 && this.#failures > concurrency
    if ((size < 2 && !isLone) || !(retryAfter > 0 && retryAfter < Infinity)) return
    // F20: any success ends that of single items.
    const known = this.#until > wall ? this.#after : 0
    this.#after = isLone ? known : this.#calls
    this.#until = Math.max(this.#until, wall + Math.min(retryAfter, isLone ? maxDelay : LONGEST))
  }
}
