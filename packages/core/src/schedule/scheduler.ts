import type { Clock } from '../environment/clock.ts'

/** What `setTimeout` can wait at most: longer delays fire at once in most runtimes. */
const LONGEST_DELAY = 2 ** 31 - 1

/** ms after which there is another turn where one threw. */
const AFTER_FAILURE = 1000

/**
 * The one timer. A turn does what is due and says when the next one is; between turns there is at most this timer, and
 * none when nothing is planned.
 */
export interface Scheduler {
  /** Takes a turn at the end of this microtask turn, once for any number of calls. */
  readonly soon: () => void
  /** Takes a turn now. Within a turn it does nothing: that turn sees to all. */
  readonly run: (isTimer?: boolean) => void
}

/**
 * @param keepAlive false: the timer does not keep a process alive
 * @param turn returns when the next turn is, monotonic ms; `Infinity` for never; `isTimer`: the timer fired
 */
export function createScheduler(
  clock: Clock,
  keepAlive: boolean,
  turn: (isTimer: boolean) => number,
): Scheduler {
  let timer: unknown
  /** When the timer fires, monotonic ms; `Infinity` where there is none. */
  let timerDue = Infinity
  let isTurnAsked = false
  let isTurning = false

  function run(isTimer = false): void {
    if (isTurning) return
    isTurning = true
    let due: number | undefined
    try {
      due = turn(isTimer)
    } finally {
      isTurning = false
      // A clock that throws must not end the refreshing for good.
      arm(due ?? clock.now() + AFTER_FAILURE)
    }
  }

  function arm(due: number): void {
    // A timer that fires too early costs one turn; to set it anew at each turn costs more.
    if (timerDue <= due && (due < Infinity || timerDue === due)) return
    if (timerDue < Infinity) clock.clearTimeout(timer)
    timerDue = due
    if (due === Infinity) return
    const delay = Math.min(Math.max(0, Math.ceil(due - clock.now())), LONGEST_DELAY)
    timer = clock.setTimeout(() => {
      timerDue = Infinity
      run(true)
    }, delay)
    if (!keepAlive && hasUnref(timer)) timer.unref()
  }

  return {
    run,
    soon() {
      if (isTurnAsked) return
      isTurnAsked = true
      void Promise.resolve().then(() => {
        isTurnAsked = false
        run()
      })
    },
  }
}

function hasUnref(handle: unknown): handle is { unref(): void } {
  return (
    typeof handle === 'object' && handle !== null && 'unref' in handle && typeof handle.unref === 'function'
  )
}
