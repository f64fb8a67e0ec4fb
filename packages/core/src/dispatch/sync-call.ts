import type { SyncContext } from '../auto-refresh.ts'
import type { Entry, RunningCall } from '../entry.ts'
import type { Moment } from '../environment/clock.ts'

/** What the sync function gets beside its batch. Its signal is made when it is first read. */
class CallContext implements SyncContext {
  #controller: AbortController | undefined = undefined
  #abort: { readonly reason: unknown } | undefined = undefined

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#abort !== undefined) this.#controller.abort(this.#abort.reason)
    }
    return this.#controller.signal
  }

  abort(reason: unknown): void {
    this.#abort = { reason }
    this.#controller?.abort(reason)
  }
}

/** One run of the sync function: what is in it, and whether it still occupies its slot and its ids. */
export class SyncCall<Item> implements RunningCall {
  readonly entries: readonly Entry<Item>[]
  readonly startedAt: Moment
  /** Monotonic ms; when it loses its slot at the latest. */
  readonly deadline: number
  /** Started in an outage (F6). */
  readonly isProbe: boolean
  readonly context: CallContext = new CallContext()
  isAborted = false
  #isOver = false
  readonly #whenOver: (() => void)[] = []

  constructor(entries: readonly Entry<Item>[], startedAt: Moment, timeout: number, isProbe: boolean) {
    this.entries = entries
    this.startedAt = startedAt
    this.deadline = startedAt.now + timeout
    this.isProbe = isProbe
  }

  /** It has settled, or lost its slot. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Resolves when it is over. */
  over(): Promise<void> {
    return this.#isOver ? Promise.resolve() : new Promise((resolve) => this.#whenOver.push(resolve))
  }

  end(): void {
    this.#isOver = true
    for (const resolve of this.#whenOver.splice(0)) resolve()
  }
}

/**
 * What occupies an entry that is not to be planned now, though it is in no call of its own: its id is still in the call of
 * an earlier incarnation (S3), or the application is just dividing what is due (S7).
 */
export const OCCUPIED: RunningCall = { isAborted: true }
