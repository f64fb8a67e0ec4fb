import type { AutoRefreshEvent } from '@auto-refresh/core'
import { type CallRecord, MOST_IDS } from './call-record.ts'

type CallEvent = Extract<AutoRefreshEvent<unknown>, { readonly type: 'sync-started' | 'sync-settled' }>

/** Calls that are kept. */
const CAPACITY = 500

/** The calls of a cache in the order in which they started. */
export class CallLog {
  /** By number, oldest first. */
  readonly #calls = new Map<number, CallRecord>()
  /** Changes with each change of the log. */
  version = 0

  get size(): number {
    return this.#calls.size
  }

  /** @param at epoch ms at which the event was told */
  add(event: CallEvent, at: number): void {
    this.version += 1
    const { call, kind, ids } = event
    // A recorder that came during a call has not seen its start.
    const record: CallRecord = this.#calls.get(call) ?? {
      call,
      kind,
      ids: ids.slice(0, MOST_IDS),
      size: ids.length,
      startedAt: event.type === 'sync-settled' ? at - event.duration : at,
      outcome: 'running',
      duration: undefined,
      error: undefined,
    }
    const settled =
      event.type === 'sync-started'
        ? record
        : {
            ...record,
            outcome: 'error' in event ? ('failed' as const) : ('ok' as const),
            duration: event.duration,
            error: event.error,
          }
    this.#calls.set(call, settled)
    if (this.#calls.size > CAPACITY)
      for (const oldest of this.#calls.keys()) return void this.#calls.delete(oldest)
  }

  /** The cache was stopped: what runs still is of no use any more. */
  stop(at: number): void {
    this.version += 1
    for (const [call, record] of this.#calls) {
      if (record.outcome !== 'running') continue
      this.#calls.set(call, { ...record, outcome: 'stopped', duration: at - record.startedAt })
    }
  }

  clear(): void {
    this.version += 1
    this.#calls.clear()
  }

  newestFirst(): CallRecord[] {
    return [...this.#calls.values()].reverse()
  }
}
