import type { CacheStatus } from '@auto-refresh/core'
import { shareError } from '../protocol/errors.ts'
import { delay } from '../protocol/limits.ts'
import type { SharedStatus } from '../protocol/message.ts'

/** The view of the source that the last leader told. */
export type LastStatus = Omit<CacheStatus, 'state'>

/** A leader's view of the source: until a call of its own succeeds, an outage that was announced before goes on (F12). */
export class TermStatus {
  /** Undefined: nothing was told, or a call has succeeded since. */
  #last: LastStatus | undefined
  #hasFailed = false

  /** A term begins. @param last undefined: no leader was heard */
  begin(last: LastStatus | undefined): void {
    this.#last = last
    this.#hasFailed = false
  }

  /** A call of this term has settled. True if the status may be another one. */
  settled(isFailed: boolean): boolean {
    const isOver = !isFailed && this.#last !== undefined
    if (isOver) this.#last = undefined
    this.#hasFailed ||= isFailed
    return isFailed || isOver
  }

  /**
   * Returns the status as it crosses (K17).
   *
   * @param own of the back
   * @param calm ms for which the back makes no call by the clock (K18)
   * @param epoch wall clock, ms
   */
  of(own: CacheStatus, calm: number, epoch: number): SharedStatus {
    const last = this.#last
    const isOutage = last === undefined ? own.isOutage : last.isOutage || (this.#hasFailed && own.isOutage)
    const { error } = last === undefined || this.#hasFailed ? own : last
    const success = Math.max(own.lastSuccessAt ?? -Infinity, last?.lastSuccessAt ?? -Infinity)
    const retry = isOutage ? Math.max(calm, (own.retryAt ?? -Infinity) - epoch) : 0
    return {
      isOutage,
      ...(error !== undefined && { error: shareError(error) }),
      ...(success > -Infinity && { success: delay(epoch - success) }),
      // A time that is over is that of a call that runs.
      ...(retry > 0 && { retry: delay(retry) }),
    }
  }
}
