import type { State } from './state.ts'

/** The longest delay of `setTimeout`: most runtimes fire at once for a longer one. */
const LONGEST_DELAY = 2 ** 31 - 1

/** ms; the difference of two times misses whole numbers by less, and would be rounded up to a whole ms more. */
const ROUNDING = 0.001

/**
 * Sets the one timer. One that fires too early is left: it costs a tick, and setting it anew at each tick costs more.
 *
 * @param due time of the next tick; `Infinity` for none
 * @param isIdle true if the timer is not to keep a process alive
 */
export function armTimer<Item>(state: State<Item>, due: number, isIdle: boolean): void {
  const { clock, keepAlive } = state.options
  // After a sleep, the platform's timer fires late by as much as the cache's clock has jumped (T6).
  const isLate = state.time.lastMissed > state.timerSetAt
  const isRight = !isLate && state.timerDue <= due && (due < Infinity || state.timerDue === due)
  if (isRight && state.isTimerIdle === isIdle) return
  if (state.timerDue < Infinity) clock.clearTimeout(state.timer)
  state.timerDue = due
  state.isTimerIdle = isIdle
  if (due === Infinity) return
  const { now } = state.time.read()
  const delay = Math.min(Math.max(0, Math.ceil(due - now - ROUNDING)), LONGEST_DELAY)
  // Rounding must not make it fire a moment too early, and so again.
  const reached = delay === LONGEST_DELAY ? now + delay : Math.max(due, now + delay)
  state.timerSetAt = now
  state.timerDelay = delay
  state.timer = clock.setTimeout(() => {
    state.timerDue = Infinity
    state.time.fired(reached, 0)
    state.tick(reached)
  }, delay)
  if ((!keepAlive || isIdle) && hasUnref(state.timer)) state.timer.unref()
}

function hasUnref(handle: unknown): handle is { unref(): void } {
  return (
    typeof handle === 'object' && handle !== null && 'unref' in handle && typeof handle.unref === 'function'
  )
}
