import type { AutoRefresh, AutoRefreshEvent, ItemId } from '@auto-refresh/core'
import { CallLog } from './call-log.ts'
import { describeEvent } from './describe-event.ts'
import type { EventRecord } from './event-record.ts'
import { Ring } from './ring.ts'

/** Events that are kept. */
const CAPACITY = 2000

/** Ids that are remembered as touched; if there are more, every item is looked at. */
const MOST_TOUCHED = 20_000

/** Listens to the events of a cache. It subscribes to no item. */
export class Recorder {
  readonly calls: CallLog = new CallLog()
  readonly events: Ring<EventRecord> = new Ring<EventRecord>(CAPACITY)
  /** Ids that came or went since somebody last set it to false. */
  areIdsStale = true
  /** Ids that events named since they were last taken. */
  readonly touched: Set<ItemId> = new Set()
  readonly stop: () => void

  /** @param now epoch ms */
  constructor(cache: AutoRefresh<unknown>, now: () => number) {
    this.stop = cache.onEvent((event) => this.#record(event, now()))
  }

  #record(event: AutoRefreshEvent<unknown>, at: number): void {
    this.events.add(describeEvent(event, this.events.total + 1, at))
    switch (event.type) {
      case 'created':
      case 'deleted':
      case 'evicted':
        this.areIdsStale = true
        break
      case 'updated':
      case 'terminal':
      case 'expired':
        this.#touch([event.id])
        break
      case 'sync-started':
      case 'sync-settled':
        this.calls.add(event, at)
        this.#touch(event.ids)
        break
      case 'stopped':
        this.calls.stop(at)
        break
      default:
    }
  }

  #touch(ids: readonly ItemId[]): void {
    for (const id of ids) this.touched.add(id)
    if (this.touched.size <= MOST_TOUCHED) return
    // The panel is closed: ids of items that are gone must not pile up.
    this.touched.clear()
    this.areIdsStale = true
  }
}
