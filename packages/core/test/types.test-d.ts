import {
  InMemoryAutoRefresh,
  until,
  watch,
  type AutoRefresh,
  type AutoRefreshError,
  type AutoRefreshErrorCode,
  type AutoRefreshEvent,
  type AutoRefreshOptions,
  type AutoRefreshStats,
  type Batch,
  type BatchEntry,
  type Clock,
  type CreateBatchesFunction,
  type Environment,
  type ItemId,
  type ItemSnapshot,
  type ItemStatus,
  type SyncContext,
  type SyncFunction,
  type SyncResponse,
  customBatches,
  expiry,
  lru,
  mutate,
  rateLimit,
  type CacheStatus,
  type Policy,
  type PolicyHooks,
  type PolicyHost,
} from '@auto-refresh/core'
import type { VirtualClock, VirtualEnvironment } from '@auto-refresh/core/testing'
import { describe, expectTypeOf, it } from 'vitest'

interface Job {
  readonly state: 'queued' | 'done'
}
const job: Job = { state: 'queued' }
const fetchJobs = async (batch: Batch<Job>): Promise<SyncResponse<Job>[]> =>
  batch.map(({ id, item = job }) => ({ id, item }))

describe('Item', () => {
  it('types: is inferred from an annotated sync alone', () => {
    const cache = new InMemoryAutoRefresh({ interval: 1000, sync: fetchJobs })
    expectTypeOf(cache).toEqualTypeOf<InMemoryAutoRefresh<Job>>()
    expectTypeOf(cache.get('a')).toEqualTypeOf<Job | undefined>()
  })

  it('types: is inferred from the parameter of sync', () => {
    const cache = new InMemoryAutoRefresh({
      interval: 1000,
      sync: (batch: Batch<Job>) => batch.map(({ id }) => ({ id, action: 'unchanged' as const })),
    })
    expectTypeOf(cache.getOrThrow('a')).toEqualTypeOf<Job>()
  })

  it('types: is inferred from what a sync without parameters returns', () => {
    const cache = new InMemoryAutoRefresh({ interval: 1000, sync: async () => [{ id: 'a', item: job }] })
    expectTypeOf(cache.getOrThrow('a')).toEqualTypeOf<Job>()
  })

  it('types: is known in every other callback, whatever it was inferred from', () => {
    const cache = new InMemoryAutoRefresh({
      sync: fetchJobs,
      isTerminal: (item) => {
        expectTypeOf(item).toEqualTypeOf<Job>()
        return item.state === 'done'
      },
      interval: (snapshot, id) => {
        expectTypeOf(snapshot).toEqualTypeOf<ItemSnapshot<Job>>()
        expectTypeOf(id).toEqualTypeOf<ItemId>()
        return snapshot.failureCount > 0 ? 5000 : 1000
      },
      equals: (previous, next) => {
        expectTypeOf(previous).toEqualTypeOf<Job>()
        expectTypeOf(next).toEqualTypeOf<Job>()
        return previous.state === next.state
      },
    })
    expectTypeOf(cache).toEqualTypeOf<InMemoryAutoRefresh<Job>>()
  })

  it('types: given explicitly types the parameters of sync', () => {
    const cache = new InMemoryAutoRefresh<Job>({
      interval: 1000,
      sync: (batch, context) => {
        expectTypeOf(batch).toEqualTypeOf<Batch<Job>>()
        expectTypeOf(context).toEqualTypeOf<SyncContext>()
        expectTypeOf(context.signal).toEqualTypeOf<AbortSignal>()
        return [
          { id: 'a', item: job },
          { id: 'b', action: 'delete' },
        ]
      },
    })
    expectTypeOf(cache).toExtend<AutoRefresh<Job>>()
  })
})

describe('options', () => {
  it('types: sync and interval are required, all else is not', () => {
    expectTypeOf<Pick<AutoRefreshOptions<Job>, 'sync' | 'interval'>>().toExtend<AutoRefreshOptions<Job>>()
    expectTypeOf<{ interval: number }>().not.toExtend<AutoRefreshOptions<Job>>()
    expectTypeOf<{ sync: SyncFunction<Job> }>().not.toExtend<AutoRefreshOptions<Job>>()
  })

  it('types: undefined stands for a default', () => {
    expectTypeOf<{
      sync: SyncFunction<Job>
      interval: number
      gcTime: undefined
      policies: undefined
      retry: undefined
    }>().toExtend<AutoRefreshOptions<Job>>()
  })

  it('types: the interval is a number or a function of snapshot and id', () => {
    expectTypeOf<AutoRefreshOptions<Job>['interval']>().toEqualTypeOf<
      number | ((snapshot: ItemSnapshot<Job>, id: ItemId) => number)
    >()
  })

  it('types: missing is one of three words', () => {
    expectTypeOf<AutoRefreshOptions<Job>['missing']>().toEqualTypeOf<
      'unchanged' | 'fail' | 'delete' | undefined
    >()
  })

  it('types: the virtual ones fit', () => {
    expectTypeOf<VirtualClock>().toExtend<Clock>()
    expectTypeOf<VirtualEnvironment>().toExtend<Environment>()
    expectTypeOf<VirtualClock['advance']>().toEqualTypeOf<(ms: number) => Promise<void>>()
    expectTypeOf<ConstructorParameters<typeof VirtualClock>>().toEqualTypeOf<[epoch?: number | undefined]>()
  })
})

describe('AutoRefresh', () => {
  it('types: is implemented by InMemoryAutoRefresh, which is AsyncDisposable, too', () => {
    expectTypeOf<InMemoryAutoRefresh<Job>>().toExtend<AutoRefresh<Job>>()
    expectTypeOf<InMemoryAutoRefresh<Job>>().toExtend<AsyncDisposable>()
  })

  it('types: its methods are those of the contract', () => {
    type Cache = AutoRefresh<Job>
    expectTypeOf<Cache['stop']>().toEqualTypeOf<() => Promise<void>>()
    expectTypeOf<Cache['retain']>().toEqualTypeOf<() => () => void>()
    expectTypeOf<Cache['isRunning']>().toEqualTypeOf<boolean>()
    expectTypeOf<Cache['get']>().toEqualTypeOf<(id: ItemId) => Job | undefined>()
    expectTypeOf<Cache['getOrThrow']>().toEqualTypeOf<(id: ItemId) => Job>()
    expectTypeOf<Cache['getOrCreate']>().toExtend<(id: ItemId) => Job | undefined>()
    expectTypeOf<Cache['getOrCreate']>().toExtend<
      (id: ItemId, item: Job, options?: { validator?: unknown }) => Job
    >()
    expectTypeOf<Cache['update']>().toEqualTypeOf<(id: ItemId, item: Job) => boolean>()
    expectTypeOf<Cache['delete']>().toEqualTypeOf<(id: ItemId) => boolean>()
    expectTypeOf<Cache['deleteDelayed']>().toEqualTypeOf<(id: ItemId) => boolean>()
    expectTypeOf<Cache['inProcessing']>().toEqualTypeOf<(id: ItemId) => boolean>()
    expectTypeOf<Cache['refresh']>().toEqualTypeOf<(id: ItemId) => Promise<void>>()
    expectTypeOf<Parameters<Cache['ingest']>[0]>().toEqualTypeOf<readonly SyncResponse<Job>[]>()
    expectTypeOf<[SyncResponse<Job>[], { create: true }]>().toExtend<Parameters<Cache['ingest']>>()
    expectTypeOf<Cache['refreshAll']>().toEqualTypeOf<() => Promise<void>>()
    expectTypeOf<Cache['pause']>().toEqualTypeOf<() => void>()
    expectTypeOf<Cache['resume']>().toEqualTypeOf<() => void>()
    expectTypeOf<Cache['clear']>().toEqualTypeOf<() => void>()
    expectTypeOf<Cache['hold']>().toEqualTypeOf<(id: ItemId) => () => void>()
    expectTypeOf<Cache['getStatus']>().toEqualTypeOf<() => CacheStatus>()
    expectTypeOf<Cache['subscribeIds']>().toEqualTypeOf<(listener: () => void) => () => void>()
    expectTypeOf<Cache['subscribeStatus']>().toEqualTypeOf<(listener: () => void) => () => void>()
    expectTypeOf<Cache['has']>().toEqualTypeOf<(id: ItemId) => boolean>()
    expectTypeOf<Cache['ids']>().toEqualTypeOf<() => IterableIterator<ItemId>>()
    expectTypeOf<Cache['size']>().toEqualTypeOf<number>()
    expectTypeOf<Cache['isTerminal']>().toEqualTypeOf<(item: Job) => boolean>()
    expectTypeOf<Cache['getSnapshot']>().toEqualTypeOf<(id: ItemId) => ItemSnapshot<Job>>()
    expectTypeOf<Cache['onEvent']>().toEqualTypeOf<
      (listener: (event: AutoRefreshEvent<Job>) => void) => () => void
    >()
    expectTypeOf<Cache['stats']>().toEqualTypeOf<() => AutoRefreshStats>()
    expectTypeOf<Parameters<Cache['subscribe']>[1]>().toEqualTypeOf<() => void>()
    expectTypeOf<ReturnType<Cache['subscribe']>>().toEqualTypeOf<() => void>()
  })

  it('types: start returns the cache itself', () => {
    const cache = new InMemoryAutoRefresh({ interval: 1000, sync: fetchJobs })
    expectTypeOf(cache.start()).toEqualTypeOf<InMemoryAutoRefresh<Job>>()
    expectTypeOf(cache.start({ signal: new AbortController().signal })).toEqualTypeOf<
      InMemoryAutoRefresh<Job>
    >()
  })

  it('types: until, watch and mutate work on any implementation', () => {
    const cache = new InMemoryAutoRefresh({ interval: 1000, sync: fetchJobs }) satisfies AutoRefresh<Job>
    const any: AutoRefresh<Job> = cache
    expectTypeOf(until(any, 'a')).toEqualTypeOf<Promise<Job>>()
    expectTypeOf(until(cache, 'a', (item) => item.state === 'done', {})).toEqualTypeOf<Promise<Job>>()
    expectTypeOf(watch(any, 'a')).toEqualTypeOf<AsyncIterableIterator<Job>>()
    expectTypeOf(watch(cache, 'a', { signal: AbortSignal.abort() })).toEqualTypeOf<
      AsyncIterableIterator<Job>
    >()
    expectTypeOf(mutate(any, 'a', job, () => 5)).toEqualTypeOf<Promise<number>>()
    expectTypeOf(
      mutate(
        cache,
        'a',
        // A literal of the item's own type, which inference must not widen to a string.
        (item) => ({ ...item, state: 'done' }),
        async () => 'done',
      ),
    ).toEqualTypeOf<Promise<string>>()
    // A literal in the function's result keeps its type.
    expectTypeOf(
      mutate(
        cache,
        'a',
        (item) => ({ ...item, state: 'done' }),
        async () => 5,
      ),
    ).toEqualTypeOf<Promise<number>>()
  })
})

describe('batches and responses', () => {
  it('types: an entry has id, item and validator, read-only', () => {
    expectTypeOf<BatchEntry<Job>>().toEqualTypeOf<{
      readonly id: ItemId
      readonly item: Job | undefined
      readonly validator?: unknown
    }>()
    expectTypeOf<Batch<Job>>().toEqualTypeOf<readonly BatchEntry<Job>[]>()
  })

  it('types: a response updates, leaves unchanged, deletes or fails', () => {
    expectTypeOf<{ id: string; item: Job }>().toExtend<SyncResponse<Job>>()
    expectTypeOf<{ id: string; action: 'update'; item: Job; validator: string }>().toExtend<
      SyncResponse<Job>
    >()
    expectTypeOf<{ id: string; action: 'unchanged'; validator: number }>().toExtend<SyncResponse<Job>>()
    expectTypeOf<{ id: string; action: 'delete' }>().toExtend<SyncResponse<Job>>()
    expectTypeOf<{ id: string; action: 'fail'; error: unknown; retryAfter: number }>().toExtend<
      SyncResponse<Job>
    >()
  })

  it('types: a response of another item, action or id is none', () => {
    expectTypeOf<{ id: string }>().not.toExtend<SyncResponse<Job>>()
    expectTypeOf<{ id: string; item: number }>().not.toExtend<SyncResponse<Job>>()
    expectTypeOf<{ id: number; item: Job }>().not.toExtend<SyncResponse<Job>>()
    expectTypeOf<{ id: string; action: 'remove' }>().not.toExtend<SyncResponse<Job>>()
    expectTypeOf<{ id: string; action: 'fail' }>().not.toExtend<SyncResponse<Job>>()
  })

  it('types: a sync function answers an array, now or later', () => {
    expectTypeOf<() => SyncResponse<Job>[]>().toExtend<SyncFunction<Job>>()
    expectTypeOf<() => Promise<readonly SyncResponse<Job>[]>>().toExtend<SyncFunction<Job>>()
    expectTypeOf<() => Promise<Set<SyncResponse<Job>>>>().not.toExtend<SyncFunction<Job>>()
    expectTypeOf<(batch: Batch<Job>) => Generator<SyncResponse<Job>>>().not.toExtend<SyncFunction<Job>>()
    expectTypeOf<() => Promise<Job>>().not.toExtend<SyncFunction<Job>>()
  })
})

describe('snapshots', () => {
  const cache = new InMemoryAutoRefresh({ interval: 1000, sync: fetchJobs })

  it('types: narrow on status', () => {
    const snapshot = cache.getSnapshot('a')
    expectTypeOf(snapshot.item).toEqualTypeOf<Job | undefined>()
    if (snapshot.status === 'missing') expectTypeOf(snapshot.item).toEqualTypeOf<undefined>()
    else if (snapshot.status === 'pending') expectTypeOf(snapshot.item).toEqualTypeOf<undefined>()
    else expectTypeOf(snapshot.item).toEqualTypeOf<Job>()
  })

  it('types: have five statuses', () => {
    expectTypeOf<ItemStatus>().toEqualTypeOf<'pending' | 'active' | 'terminal' | 'expired' | 'missing'>()
    expectTypeOf<ItemSnapshot<Job>['status']>().toEqualTypeOf<ItemStatus>()
  })

  it('types: have times and counts', () => {
    expectTypeOf<ItemSnapshot<Job>['createdAt']>().toEqualTypeOf<number | undefined>()
    expectTypeOf<ItemSnapshot<Job>['nextRefreshAt']>().toEqualTypeOf<number | undefined>()
    expectTypeOf<ItemSnapshot<Job>['failureCount']>().toEqualTypeOf<number>()
    expectTypeOf<ItemSnapshot<Job>['error']>().toEqualTypeOf<unknown>()
  })

  it('types: of a kind of item are snapshots of a wider kind', () => {
    expectTypeOf<ItemSnapshot<Job>>().toExtend<ItemSnapshot<unknown>>()
    expectTypeOf<ItemSnapshot<unknown>>().not.toExtend<ItemSnapshot<Job>>()
  })
})

describe('policies', () => {
  it('types: policies of the package fit a cache of any item', () => {
    const cache = new InMemoryAutoRefresh({
      interval: 1000,
      sync: fetchJobs,
      policies: [lru(100), expiry({ maxAge: 1000 }), rateLimit({ calls: 1, per: 1000 })],
    })
    expectTypeOf(cache).toEqualTypeOf<InMemoryAutoRefresh<Job>>()
    expectTypeOf(lru(5)).toExtend<Policy<Job>>()
  })

  it('types: the batches of customBatches are of what it is given', () => {
    expectTypeOf<CreateBatchesFunction<Job>>().toEqualTypeOf<
      (due: Batch<Job>) => Iterable<readonly { readonly id: string }[]>
    >()
    const cache = new InMemoryAutoRefresh({
      interval: 1000,
      sync: fetchJobs,
      policies: [customBatches<Job>((due) => due.map((entry) => [entry]))],
    })
    expectTypeOf(cache).toEqualTypeOf<InMemoryAutoRefresh<Job>>()
  })

  it('types: a policy is a function from its host to hooks, all of which are optional', () => {
    expectTypeOf<(host: PolicyHost) => PolicyHooks<Job>>().toExtend<Policy<Job>>()
    expectTypeOf<() => { run: (now: number) => void; wakeAt: () => number }>().toExtend<Policy<Job>>()
    expectTypeOf<() => { startAt: () => string }>().not.toExtend<Policy<Job>>()
  })
})

describe('errors', () => {
  it('types: have one of eight codes', () => {
    expectTypeOf<AutoRefreshError>().toExtend<Error>()
    expectTypeOf<AutoRefreshError['code']>().toEqualTypeOf<AutoRefreshErrorCode>()
    expectTypeOf<AutoRefreshErrorCode>().toEqualTypeOf<
      | 'NOT_FOUND'
      | 'CAPACITY'
      | 'TIMEOUT'
      | 'INVALID_RESPONSE'
      | 'DELETED'
      | 'EXPIRED'
      | 'STOPPED'
      | 'REENTRANT'
    >()
  })
})
