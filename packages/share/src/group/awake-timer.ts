import type { Clock } from '@auto-refresh/core'

/** ms by which the timer may be late; a later one means that the member missed time. */
const MAX_LATENESS = 1000
/** ms by which the wall clock must run ahead of the monotonic one to count as sleep (T2 of the core). */
const SLEEP = 30_000

/** The one timer of a group, and the time that it saw (K7): time in which a member was frozen or asleep does not count. */
export class AwakeTimer {
  readonly #clock: Clock
  readonly #keepAlive: boolean
  readonly #fired: () => void
  readonly #missed: () => void
  #handle: unknown
  /** When the timer is due, on the clock; Infinity if it is not set. */
  #due = Infinity
  /** Sum of all that was missed, ms. */
  #skipped = 0
  #lead: number

  /**
   * @param fired called when the timer fires
   * @param missed called once for each time that was missed, from whatever looks at the clock first
   */
  constructor(clock: Clock, keepAlive: boolean, fired: () => void, missed: () => void) {
    this.#clock = clock
    this.#keepAlive = keepAlive
    this.#fired = fired
    this.#missed = missed
    this.#lead = clock.epoch() - clock.now()
  }

  /** ms, without what was missed. Looks if something was. */
  now(): number {
    return this.#look(this.#due)
  }

  /** @param due when the timer should have fired */
  #look(due: number): number {
    const now = this.#clock.now()
    const lead = this.#clock.epoch() - now
    const late = now - due
    const hasSlept = lead - this.#lead > SLEEP
    this.#lead = lead
    if (late > MAX_LATENESS) {
      this.#skipped += late
      if (this.#due < Infinity) this.#due = now
    }
    if (hasSlept || late > MAX_LATENESS) this.#missed()
    return now - this.#skipped
  }

  /** Sets the timer to this time, in place of the one before. Infinity: there is none. */
  set(at: number): void {
    const now = this.now()
    const delay = Math.max(0, Math.ceil(at - now))
    const due = at === Infinity ? Infinity : now + this.#skipped + delay
    if (due === this.#due) return
    this.clear()
    if (due === Infinity) return
    this.#due = due
    this.#handle = this.#clock.setTimeout(() => {
      // First of all, because whoever hears of missed time sets the next timer.
      const fired = this.#due
      this.#due = Infinity
      this.#look(fired)
      this.#fired()
    }, delay)
    if (!this.#keepAlive) unref(this.#handle)
  }

  clear(): void {
    if (this.#due < Infinity) this.#clock.clearTimeout(this.#handle)
    this.#due = Infinity
  }
}

/** Has a timer keep no process alive, where there are processes. */
export function unref(handle: unknown): void {
  if (hasUnref(handle)) handle.unref()
}

function hasUnref(handle: unknown): handle is { unref(): void } {
  return (
    typeof handle === 'object' && handle !== null && 'unref' in handle && typeof handle.unref === 'function'
  )
}
