import type { SyncContext } from '../auto-refresh.ts'
import type { Entry, RunningCall } from '../entry.ts'
import type { Moment } from '../environment/clock.ts'

/** One run of the sync function: what is in it, and until when it occupies its slot and its ids. */
export class SyncCall<Item> implements RunningCall {
  readonly entries: readonly Entry<Item>[]
  /** Monotonic ms, as is the deadline. */
  readonly startedAt: number
  readonly deadline: number
  /** Started in an outage (F6). */
  readonly isProbe: boolean
  isAborted = false
  overtaken: Set<unknown> | undefined = undefined
  /** Called when it has settled, or lost its slot. */
  readonly whenOver: (() => void)[] = []
  #controller: AbortController | undefined = undefined
  #abort: { readonly reason: unknown } | undefined = undefined

  constructor(entries: readonly Entry<Item>[], { now }: Moment, timeout: number, isProbe: boolean) {
    this.entries = entries
    this.startedAt = now
    this.deadline = now + timeout
    this.isProbe = isProbe
  }

  /** Made when it is first read: few sync functions do. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#abort !== undefined) this.#controller.abort(this.#abort.reason)
    }
    return this.#controller.signal
  }

  /** Aborts the signal. */
  abort(reason: unknown): void {
    this.#abort = { reason }
    this.#controller?.abort(reason)
  }
}

/** What the sync function sees of its call. A class, for an accessor in an object literal costs a microsecond a call. */
export class CallContext implements SyncContext {
  readonly #call: SyncContext

  constructor(call: SyncContext) {
    this.#call = call
  }

  get signal(): AbortSignal {
    return this.#call.signal
  }
}

/**
 * What occupies an entry that is not to be planned now, though it is in no call of its own: its id is still in the call of
 * an earlier incarnation (S3), or the application is just dividing what is due (S7).
 */
export const OCCUPIED: RunningCall = { isAborted: true }
