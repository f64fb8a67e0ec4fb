import {
  InMemoryAutoRefresh,
  type AutoRefreshEvent,
  type AutoRefreshStats,
  type Batch,
  type DeleteReason,
  type ItemId,
  type SyncResponse,
} from '@auto-refresh/core'
import { describe, expectTypeOf, it } from 'vitest'

interface Job {
  readonly state: 'queued' | 'done'
}
const job: Job = { state: 'queued' }
const fetchJobs = async (batch: Batch<Job>): Promise<SyncResponse<Job>[]> =>
  batch.map(({ id, item = job }) => ({ id, item }))

describe('events', () => {
  type Event = AutoRefreshEvent<Job>
  type Of<Type extends Event['type']> = Extract<Event, { readonly type: Type }>

  it('types: have the types of the contract', () => {
    expectTypeOf<
      | 'started'
      | 'stopped'
      | 'paused'
      | 'resumed'
      | 'created'
      | 'updated'
      | 'terminal'
      | 'expired'
      | 'deleted'
      | 'evicted'
      | 'sync-started'
      | 'sync-settled'
      | 'outage-started'
      | 'outage-ended'
      | 'unexpected-response'
      | 'callback-error'
      | 'role'
    >().toEqualTypeOf<Event['type']>()
  })

  it('types: narrow on type', () => {
    const cache = new InMemoryAutoRefresh({ interval: 1000, sync: fetchJobs })
    cache.onEvent((event) => {
      if (event.type === 'deleted') {
        expectTypeOf(event.id).toEqualTypeOf<ItemId>()
        expectTypeOf(event.reason).toEqualTypeOf<DeleteReason>()
      }
      if (event.type === 'paused') expectTypeOf(event.reason).toEqualTypeOf<'user' | 'hidden' | 'offline'>()
      if (event.type === 'created') expectTypeOf(event.item).toEqualTypeOf<Job | undefined>()
      if (event.type === 'updated') expectTypeOf(event.item).toEqualTypeOf<Job>()
      if (event.type === 'sync-settled') {
        expectTypeOf(event.ids).toEqualTypeOf<readonly ItemId[]>()
        expectTypeOf(event.duration).toEqualTypeOf<number>()
        expectTypeOf(event.call).toEqualTypeOf<number>()
        expectTypeOf(event.kind).toEqualTypeOf<'clock' | 'asked' | 'retry' | 'probe'>()
      }
      if (event.type === 'callback-error') expectTypeOf(event.error).toEqualTypeOf<unknown>()
      if (event.type === 'unexpected-response') expectTypeOf(event.id).toEqualTypeOf<ItemId | undefined>()
    })
  })

  it('types: have no id and no reason where that means nothing', () => {
    expectTypeOf<Of<'sync-started'>>().not.toHaveProperty('id')
    expectTypeOf<Of<'evicted'>>().not.toHaveProperty('reason')
    expectTypeOf<Of<'evicted'>>().toHaveProperty('id')
  })

  it('types: a deletion has one of six reasons', () => {
    expectTypeOf<DeleteReason>().toEqualTypeOf<
      'deleted' | 'delayed' | 'gone' | 'terminal-ttl' | 'expired' | 'unobserved'
    >()
  })

  it('types: stats are ten numbers', () => {
    expectTypeOf<AutoRefreshStats>().toEqualTypeOf<
      Readonly<
        Record<
          | 'size'
          | 'hits'
          | 'misses'
          | 'syncCalls'
          | 'syncErrors'
          | 'refreshedItems'
          | 'evictions'
          | 'runningCalls'
          | 'waitingItems'
          | 'subscribers',
          number
        >
      >
    >()
  })
})
