import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { connect } from '@auto-refresh/query'
import {
  dehydrate,
  hydrate,
  MutationObserver,
  notifyManager,
  QueryClient,
  QueryObserver,
} from '@tanstack/query-core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { advance, INTERVAL, jobKey, LATENCY, World, type Job } from '../world.ts'

describe('what is written', () => {
  let world: World

  beforeEach(() => {
    vi.useFakeTimers()
    world = new World()
    for (const id of ['a', 'b', 'c']) world.jobs.set(id, { step: 1 })
  })

  afterEach(async () => {
    await world.end()
    vi.useRealTimers()
  })

  it('Q6: `setQueryData` is a local write: a poll begun before it does not overwrite it (W6)', async () => {
    const { result } = world.mount('a')
    await advance(LATENCY + INTERVAL + LATENCY / 2)
    expect(world.calls).toHaveLength(2)
    world.client.setQueryData(jobKey('a'), { step: 10 })
    expect(world.cache.get('a')).toEqual({ step: 10 })
    await advance(LATENCY / 2)
    expect(result()).toMatchObject({ data: { step: 10 }, fetchStatus: 'idle' })
    world.jobs.set('a', { step: 11 })
    await advance(INTERVAL + LATENCY)
    expect(result().data).toEqual({ step: 11 })
    expect(world.calls).toHaveLength(3)
  })

  it('Q6, Q8: an optimistic update by `onMutate` holds, and `cancelQueries` ends no call of the cache', async () => {
    const { result } = world.mount('a')
    world.mount('b')
    await advance(LATENCY + INTERVAL + LATENCY / 2)
    world.jobs.set('b', { step: 2 })
    const mutation = new MutationObserver(world.client, {
      mutationFn: async () => {
        await new Promise((resolve) => setTimeout(resolve, 300))
        world.jobs.set('a', { step: 10 })
      },
      onMutate: async () => {
        await world.client.cancelQueries({ queryKey: ['jobs'] })
        const previous = world.client.getQueryData(jobKey('a'))
        world.client.setQueryData(jobKey('a'), { step: 10 })
        return { previous }
      },
      onSettled: () => world.client.invalidateQueries({ queryKey: jobKey('a') }),
    })
    const seen = new Set<unknown>()
    const leave = world.client.getQueryCache().subscribe(() => seen.add(world.state('a').data?.step))
    const mutated = mutation.mutate()
    await advance(LATENCY / 2)
    expect(result().data).toEqual({ step: 10 })
    await advance(250 + LATENCY)
    await mutated
    expect(result()).toMatchObject({ data: { step: 10 }, fetchStatus: 'idle' })
    expect(world.calls).toHaveLength(3)
    leave()
    expect([...seen]).toEqual([10])
  })

  it('Q6: a mutation that fails puts the previous value back, and the next poll is not held up', async () => {
    const { result } = world.mount('a')
    await advance(LATENCY)
    const mutation = new MutationObserver(world.client, {
      mutationFn: () => Promise.reject(new Error('refused')),
      onMutate: () => {
        const previous = world.client.getQueryData<Job>(jobKey('a'))
        world.client.setQueryData(jobKey('a'), { step: 10 })
        return { previous }
      },
      onError: (_error, _variables, context) => world.client.setQueryData(jobKey('a'), context?.previous),
    })
    await mutation.mutate().catch(() => undefined)
    expect(result().data).toEqual({ step: 1 })
    expect(world.cache.get('a')).toEqual({ step: 1 })
    world.jobs.set('a', { step: 2 })
    await advance(INTERVAL + LATENCY)
    expect(result().data).toEqual({ step: 2 })
  })

  it('Q8: a first fetch that is cancelled does no harm: the answer is shown when it comes', async () => {
    const { result } = world.mount('a')
    await advance(LATENCY / 2)
    await world.client.cancelQueries({ queryKey: ['jobs'] })
    expect(result()).toMatchObject({ status: 'pending', data: undefined })
    await advance(LATENCY / 2)
    expect(result()).toMatchObject({ status: 'success', data: { step: 1 }, fetchStatus: 'idle' })
    expect(world.calls).toHaveLength(1)
  })

  it('Q6: a write to a query that is not mounted reaches the item, or becomes its first value', async () => {
    world.client.setQueryData(jobKey('a'), { step: 5 })
    expect(world.cache.has('a')).toBe(false)
    const { result, unmount } = world.mount('a')
    expect(result()).toMatchObject({ data: { step: 5 }, isFetchedAfterMount: false })
    expect(world.cache.get('a')).toEqual({ step: 5 })
    await advance(LATENCY)
    expect(result().data).toEqual({ step: 1 })
    unmount()
    world.client.setQueryData(jobKey('a'), { step: 7 })
    expect(world.cache.get('a')).toEqual({ step: 7 })
  })

  it('Q6: a write to an item that was removed creates it again', async () => {
    const { result } = world.mount('a')
    await advance(LATENCY)
    world.cache.delete('a')
    await advance(1)
    world.client.setQueryData(jobKey('a'), { step: 3 })
    expect(world.cache.get('a')).toEqual({ step: 3 })
    await advance(LATENCY)
    expect(result()).toMatchObject({ status: 'success', data: { step: 1 } })
  })

  it('Q6: `setQueriesData` writes to all', async () => {
    for (const id of ['a', 'b']) world.mount(id)
    await advance(LATENCY)
    world.client.setQueriesData<Job>({ queryKey: ['jobs'] }, (job) => job && { ...job, step: job.step + 10 })
    expect([world.cache.get('a'), world.cache.get('b')]).toEqual([{ step: 11 }, { step: 11 }])
  })

  it('Q6, Q13: a local write and a push by the cache are shown in the query', async () => {
    const { result } = world.mount('a')
    await advance(LATENCY)
    world.cache.update('a', { step: 20 })
    await advance(0)
    expect(result().data).toEqual({ step: 20 })
    world.cache.ingest([{ id: 'a', item: { step: 21 } }])
    await advance(0)
    expect(result().data).toEqual({ step: 21 })
  })

  it('Q4: the answers of one call are one notification of all components', async () => {
    const flushes: number[] = []
    let inFlush = 0
    notifyManager.setBatchNotifyFunction((flush) => {
      inFlush = 0
      flush()
      if (inFlush > 0) flushes.push(inFlush)
    })
    for (const id of ['a', 'b', 'c']) {
      const observer = new QueryObserver(world.client, {
        ...world.options(id),
        notifyOnChangeProps: ['data', 'error'],
      })
      observer.subscribe(() => undefined)
      observer.subscribe(notifyManager.batchCalls(() => (inFlush += 1)))
    }
    await advance(LATENCY + 1)
    expect(flushes).toEqual([3])
    for (const id of ['a', 'b', 'c']) world.jobs.set(id, { step: 2 })
    await advance(INTERVAL + LATENCY + 1)
    expect(flushes).toEqual([3, 3])
    world.trouble = new Error('HTTP 500')
    await advance(60_000)
    expect(flushes.slice(2).every((size) => size <= 3)).toBe(true)
    expect(flushes[2]).toBe(3)
    notifyManager.setBatchNotifyFunction((flush) => flush())
  })

  it('Q3: the first rendering shows what the cache keeps fresh for others, and nothing left over', async () => {
    world.cache.start()
    world.cache.getOrCreate('a', { step: 1 })
    const shown = world.mount('a')
    expect(shown.told.every((data) => data !== undefined)).toBe(true)
    expect(shown.result()).toMatchObject({ status: 'success', data: { step: 1 } })
    const { unmount } = world.mount('b')
    await advance(LATENCY)
    unmount()
    world.client.removeQueries({ queryKey: jobKey('b') })
    world.jobs.set('b', { step: 2 })
    expect(world.cache.get('b')).toEqual({ step: 1 })
    const again = world.mount('b')
    expect(again.result()).toMatchObject({ status: 'pending', data: undefined })
    await advance(LATENCY)
    expect(again.result().data).toEqual({ step: 2 })
  })

  it('Q3: `initialData` is the first value, and no write to an item that has one', async () => {
    const fresh = world.mount('a', { initialData: { step: 0 } })
    expect(fresh.result().data).toEqual({ step: 0 })
    await advance(LATENCY)
    expect(fresh.result().data).toEqual({ step: 1 })
    world.cache.start()
    world.cache.getOrCreate('b', { step: 8 })
    const present = world.mount('b', { initialData: { step: 0 } })
    expect(present.result().data).toEqual({ step: 8 })
  })

  it('Q3: `placeholderData` is shown until the first value, and `select` applies to both', async () => {
    const observer = new QueryObserver(world.client, {
      ...world.options('a'),
      placeholderData: { step: -5 },
      select: ({ step }: Job) => step * 100,
    })
    observer.subscribe(() => undefined)
    expect(observer.getCurrentResult()).toMatchObject({ data: -500, isPlaceholderData: true })
    await advance(LATENCY)
    expect(observer.getCurrentResult()).toMatchObject({ data: 100, isPlaceholderData: false })
    expect(world.cache.get('a')).toEqual({ step: 1 })
  })

  it('Q10: `resetQueries` shows what the query began with, and fetches what is mounted', async () => {
    const { result } = world.mount('a')
    await advance(LATENCY)
    world.jobs.set('a', { step: 2 })
    void world.client.resetQueries({ queryKey: jobKey('a') })
    expect(result()).toMatchObject({ status: 'pending', data: undefined, fetchStatus: 'fetching' })
    expect(world.cache.get('a')).toEqual({ step: 1 })
    await advance(LATENCY - 1)
    expect(result().data).toBeUndefined()
    await advance(1)
    expect(result()).toMatchObject({ status: 'success', data: { step: 2 } })
  })

  it('Q10: `removeQueries` and `clear` end the subscriptions', async () => {
    world.mount('a')
    world.mount('b')
    await advance(LATENCY)
    world.client.removeQueries({ queryKey: jobKey('a') })
    expect(world.cache.stats().subscribers).toBe(1)
    world.client.clear()
    expect(world.cache.stats().subscribers).toBe(0)
    await advance(5 * INTERVAL)
    expect(world.calls).toHaveLength(1)
  })

  it('Q14: data that a server dehydrated are the first value of its item, and the newer of two wins', async () => {
    const server = new QueryClient()
    server.setQueryData(jobKey('a'), { step: 4 })
    hydrate(world.client, structuredClone(dehydrate(server)))
    const { result } = world.mount('a')
    expect(result()).toMatchObject({ status: 'success', data: { step: 4 } })
    expect(world.cache.get('a')).toEqual({ step: 4 })
    await advance(LATENCY)
    expect(result().data).toEqual({ step: 1 })
    server.setQueryData(jobKey('a'), { step: 6 }, { updatedAt: Date.now() + 1 })
    hydrate(world.client, structuredClone(dehydrate(server)))
    expect(world.cache.get('a')).toEqual({ step: 6 })
    server.setQueryData(jobKey('a'), { step: 5 }, { updatedAt: 1 })
    hydrate(world.client, structuredClone(dehydrate(server)))
    expect(result().data).toEqual({ step: 6 })
  })

  it('Q6, Q14: hydrated data are no write to an item that is newer, whatever happens to the query then', async () => {
    world.cache.start()
    world.cache.getOrCreate('a', { step: 1 })
    await advance(LATENCY)
    const server = new QueryClient()
    for (const id of ['a', 'b']) server.setQueryData(jobKey(id), { step: 0 }, { updatedAt: 1 })
    hydrate(world.client, structuredClone(dehydrate(server)))
    expect(world.client.getQueryData(jobKey('a'))).toEqual({ step: 1 })
    world.cache.getOrCreate('b', { step: 9 })
    await world.client.invalidateQueries({ queryKey: ['jobs'], refetchType: 'none' })
    expect(world.cache.get('a')).toEqual({ step: 1 })
    expect(world.cache.get('b')).toEqual({ step: 9 })
    const { result } = world.mount('b')
    expect(result().data).toEqual({ step: 9 })
  })

  it('Q11: `disconnect` gives the queries their own options back; twice is once', async () => {
    const { result } = world.mount('a')
    await advance(LATENCY)
    world.disconnect()
    world.disconnect()
    expect(world.cache.stats().subscribers).toBe(0)
    expect(Object.hasOwn(world.client, 'defaultQueryOptions')).toBe(false)
    await advance(INTERVAL)
    expect(world.calls).toHaveLength(1)
    expect(world.ownFetches.length).toBeGreaterThanOrEqual(3)
    expect(result().data).toEqual({ step: -1 })
  })

  it('Q11: `connect` takes over queries that are mounted already; a second one for the same keys does nothing', async () => {
    world.disconnect()
    const { result } = world.mount('a')
    await advance(INTERVAL)
    const own = world.ownFetches.length
    expect(own).toBeGreaterThan(1)
    world.disconnect = connect(world.cache, world.client, { queryKey: jobKey })
    const second = new InMemoryAutoRefresh<Job>({ interval: 1000, sync: () => [] })
    const disconnect = connect(second, world.client, { queryKey: jobKey })
    await advance(INTERVAL + LATENCY)
    expect(world.ownFetches).toHaveLength(own)
    expect(result().data).toEqual({ step: 1 })
    world.mount('b')
    expect(second.size).toBe(0)
    // Ended out of order, too.
    world.disconnect()
    disconnect()
    await advance(LATENCY)
    expect(world.cache.stats().subscribers).toBe(0)
  })

  it('Q11: hot reload: another cache takes over what is mounted, and keeps the data meanwhile', async () => {
    const { result } = world.mount('a')
    await advance(LATENCY)
    world.disconnect()
    const next = new InMemoryAutoRefresh<Job>({
      interval: 1000,
      sync: (batch) => batch.map(({ id }) => ({ id, item: { step: 50 } })),
    })
    world.disconnect = connect(next, world.client, { queryKey: jobKey })
    expect(result().data).toEqual({ step: 1 })
    expect(world.cache.isRunning).toBe(true)
    await advance(0)
    expect(world.cache.isRunning).toBe(false)
    await advance(10)
    expect(result().data).toEqual({ step: 50 })
  })

  it('Q1: ids are found in objects, among numbers, and by a function of one’s own', async () => {
    world.disconnect()
    const keys = [
      { queryKey: (id: string) => ['jobs', { id }], key: ['jobs', { id: 'a' }] },
      { queryKey: (id: string) => ['jobs', Number(id)], key: ['jobs', 7] },
      {
        queryKey: (id: string) => ['jobs', id.split('/')],
        id: ([, parts]: readonly unknown[]) => (Array.isArray(parts) ? parts.join('/') : undefined),
        key: ['jobs', ['x', 'y']],
      },
    ]
    for (const { key, ...options } of keys) {
      const disconnect = connect(world.cache, world.client, options)
      new QueryObserver(world.client, { queryKey: key }).subscribe(() => undefined)
      disconnect()
    }
    expect([...world.cache.ids()]).toEqual(['a', '7', 'x/y'])
  })
})
