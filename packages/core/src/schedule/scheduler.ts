import type { Clock } from '../environment/clock.ts'

/** What `setTimeout` can wait at most: longer delays fire at once in most runtimes. */
const LONGEST_DELAY = 2 ** 31 - 1

/** ms after which there is another turn where one threw. */
const AFTER_FAILURE = 1000

/** Why there is a turn: the timer fired, or something was changed. */
export type TurnCause = 'timer' | 'change'

/**
 * The one timer. A turn does what is due and says when the next one is; between turns there is at most this timer, and
 * none when nothing is planned.
 */
export class Scheduler {
  readonly #clock: Clock
  readonly #keepAlive: boolean
  readonly #turn: (cause: TurnCause) => number
  #timer: { readonly handle: unknown; readonly due: number } | undefined = undefined
  #isTurnAsked = false
  #isTurning = false

  /**
   * @param keepAlive false: the timer does not keep a process alive
   * @param turn returns when the next turn is, monotonic ms; `Infinity` for never
   */
  constructor(clock: Clock, keepAlive: boolean, turn: (cause: TurnCause) => number) {
    this.#clock = clock
    this.#keepAlive = keepAlive
    this.#turn = turn
  }

  /** Takes a turn at the end of this microtask turn, once for any number of calls. */
  soon(): void {
    if (this.#isTurnAsked) return
    this.#isTurnAsked = true
    void Promise.resolve().then(() => {
      this.#isTurnAsked = false
      this.run('change')
    })
  }

  /** Takes a turn now. Within a turn it does nothing: that turn sees to all. */
  run(cause: TurnCause): void {
    if (this.#isTurning) return
    this.#isTurning = true
    let due: number | undefined
    try {
      due = this.#turn(cause)
    } finally {
      this.#isTurning = false
      // A clock that throws must not end the refreshing for good.
      this.#arm(due ?? this.#clock.now() + AFTER_FAILURE)
    }
  }

  #arm(due: number): void {
    // A timer that fires too early costs one turn; to set it anew at each turn costs more.
    if (this.#timer !== undefined && this.#timer.due <= due && due !== Infinity) return
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer.handle)
    this.#timer = undefined
    if (due === Infinity) return
    const delay = Math.min(Math.max(0, Math.ceil(due - this.#clock.now())), LONGEST_DELAY)
    const handle = this.#clock.setTimeout(() => {
      this.#timer = undefined
      this.run('timer')
    }, delay)
    if (!this.#keepAlive && hasUnref(handle)) handle.unref()
    this.#timer = { handle, due }
  }
}

function hasUnref(handle: unknown): handle is { unref(): void } {
  return (
    typeof handle === 'object' && handle !== null && 'unref' in handle && typeof handle.unref === 'function'
  )
}
