import { type SimulatedClock } from '../simulated-clock.ts'
import { type Model } from './model.ts'
import { type ModelOutage } from './outage.ts'

/** How far the wall clock may run ahead before that is a sleep (T2). */
const SLEEP = 30_000

/** T2: what a sleep with a monotonic clock that stands makes due. */
export class ModelWallClock {
  readonly #clock: SimulatedClock
  #base: { now: number; epoch: number }
  /** When the wall clock first moved alone since the last find. */
  #movedAt = Infinity

  constructor(clock: SimulatedClock) {
    this.#clock = clock
    this.#base = { now: clock.now(), epoch: clock.epoch() }
  }

  begin(): void {
    this.#base = { now: this.#clock.now(), epoch: this.#clock.epoch() }
    this.#movedAt = Infinity
  }

  /** A run begins: what was planned before it is measured by its clocks. */
  start(model: Model): void {
    this.begin()
    for (const entry of model.entries.values()) entry.plannedWall = this.#base.epoch - this.#base.now
  }

  moved(): void {
    this.#movedAt = Math.min(this.#movedAt, this.#clock.now())
  }

  /** A timer fires or the page changes: the cache looks. */
  look(model: Model, outage: ModelOutage, isRunning: boolean): void {
    if (!isRunning) return
    const now = this.#clock.now()
    const ahead = this.#clock.epoch() - this.#base.epoch - (now - this.#base.now)
    if (ahead <= SLEEP) return
    for (const entry of model.entries.values()) {
      const { due, removal } = entry
      const lo = due.lo - ahead <= now ? Math.min(due.lo, now) : due.lo
      // It may have been set back since the item was planned.
      const own = Math.min(ahead, this.#clock.epoch() - now - entry.plannedWall)
      const wasPlanned =
        model.isPlannable(entry) && !model.mayBeHeld(entry.id) && entry.plannedAt < this.#movedAt
      entry.due = { lo, hi: due.hi < now || (wasPlanned && due.hi - own <= now) ? now : due.hi }
      if (removal !== undefined && removal.lo - ahead <= now)
        entry.removal = { lo: Math.min(removal.lo, now), hi: removal.hi }
    }
    outage.isSpacingOver = true
    this.begin()
  }
}
