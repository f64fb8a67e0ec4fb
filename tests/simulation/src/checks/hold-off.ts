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
  /** Running calls of several healthy items. */
  readonly #several = new Set<number>()
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
    if (ids.length > 1 && areHealthy && script.options.batches === undefined) this.#several.add(call)
    this.#world.check(
      kind !== 'clock' || wall >= this.#until - 1 || script.clock !== 'normal',
      'F8',
      () =>
        `call ${call} of ${ids.slice(0, 10).join()} starts ${this.#until - wall} ms before the hold-off ends`,
    )
  }

  settled({ call, ...rest }: Settled): void {
    const { wall } = this.#world
    const isOfSeveral = this.#several.delete(call)
    if (!('error' in rest)) {
      if (call > this.#after) this.#until = -Infinity
      return
    }
    const { error } = rest
    const retryAfter = error instanceof Error && 'retryAfter' in error ? Number(error.retryAfter) : 0
    if (!isOfSeveral || !(retryAfter > 0 && retryAfter < Infinity)) return
    this.#after = this.#calls
    this.#until = Math.max(this.#until, wall + Math.min(retryAfter, LONGEST))
  }
}
