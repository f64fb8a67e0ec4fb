import { connect } from '@auto-refresh/query'
import { onlineManager } from '@tanstack/query-core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { advance, INTERVAL, jobKey, LATENCY, World } from '../world.ts'

describe('what a query says', () => {
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

  it('Q5: `fetchStatus` follows the calls of the cache', async () => {
    const { result } = world.mount('a')
    await advance(LATENCY)
    expect(result().fetchStatus).toBe('idle')
    await advance(INTERVAL)
    expect(result()).toMatchObject({ fetchStatus: 'fetching', isRefetching: true, isLoading: false })
    expect(world.client.isFetching({ queryKey: ['jobs'] })).toBe(1)
    await advance(LATENCY)
    expect(result().fetchStatus).toBe('idle')
  })

  it('Q5: `activity: false` leaves out what no poll changed', async () => {
    world.disconnect()
    world.disconnect = connect(world.cache, world.client, { queryKey: jobKey, activity: false })
    const { result, observer } = world.mount('a')
    expect(result().fetchStatus).toBe('fetching')
    await advance(LATENCY)
    const first = result()
    expect(first).toMatchObject({ data: { step: 1 }, fetchStatus: 'idle' })
    await advance(INTERVAL)
    expect(result()).toBe(first)
    world.jobs.set('a', { step: 2 })
    await advance(LATENCY + INTERVAL + LATENCY)
    expect(result()).toMatchObject({ data: { step: 2 }, fetchStatus: 'idle', dataUpdatedAt: Date.now() })
    const fetched = observer.refetch()
    expect(result().fetchStatus).toBe('fetching')
    await advance(LATENCY)
    expect((await fetched).fetchStatus).toBe('idle')
    world.trouble = new Error('HTTP 500')
    await advance(INTERVAL + LATENCY)
    expect(result()).toMatchObject({ failureCount: 1, fetchStatus: 'idle' })
  })

  it('Q5: `dataUpdatedAt` is the last success, also if that changed nothing; the data stay the same object', async () => {
    const { result } = world.mount('a')
    await advance(LATENCY)
    const first = result()
    expect(first.dataUpdatedAt).toBe(Date.now())
    await advance(INTERVAL + LATENCY)
    expect(result().dataUpdatedAt).toBe(Date.now())
    expect(result().data).toBe(first.data)
    expect(result().isFetchedAfterMount).toBe(true)
  })

  it('Q4: structural sharing keeps what is equal in new data', async () => {
    world.jobs.set('a', { step: 1, owner: { name: 'Ada' } })
    const { result } = world.mount('a')
    await advance(LATENCY)
    const owner = result().data?.owner
    world.jobs.set('a', { step: 2, owner: { name: 'Ada' } })
    await advance(INTERVAL + LATENCY)
    expect(result().data).toEqual({ step: 2, owner: { name: 'Ada' } })
    expect(result().data?.owner).toBe(owner)
    // No local write came of it: the next poll is not overtaken by one.
    world.jobs.set('a', { step: 3, owner: { name: 'Ada' } })
    await advance(INTERVAL + LATENCY)
    expect(result().data?.step).toBe(3)
  })

  it('Q5: failures are told at once, and become an error when `retry` is used up; the data stay', async () => {
    const { result } = world.mount('a')
    await advance(LATENCY)
    world.trouble = new Error('HTTP 500')
    await advance(INTERVAL + LATENCY)
    expect(result()).toMatchObject({ status: 'success', failureCount: 1, failureReason: world.trouble })
    await advance(1000 + LATENCY)
    expect(result()).toMatchObject({ status: 'success', failureCount: 2 })
    await advance(10_000)
    expect(result()).toMatchObject({ status: 'error', error: world.trouble, data: { step: 1 } })
    expect(result().isRefetchError).toBe(true)
    expect(result().errorUpdatedAt).toBeGreaterThan(result().dataUpdatedAt)
    world.trouble = undefined
    await advance(60_000)
    expect(result()).toMatchObject({ status: 'success', error: null, failureCount: 0 })
  })

  it('Q5: `retry: false` shows the first failure', async () => {
    const { result } = world.mount('a', { retry: false })
    await advance(LATENCY)
    world.trouble = new Error('HTTP 500')
    await advance(INTERVAL + LATENCY)
    expect(result()).toMatchObject({ status: 'error', errorUpdateCount: 1, failureCount: 1 })
  })

  it('Q5: `retry` may be a function of the failures and the error', async () => {
    const asked: unknown[] = []
    const retry = (count: number, error: Error): boolean => {
      asked.push([count, error.message])
      return count < 1
    }
    const { result } = world.mount('a', { retry })
    await advance(LATENCY)
    world.trouble = new Error('HTTP 500')
    await advance(INTERVAL + LATENCY)
    expect(result().status).toBe('success')
    await advance(1000 + LATENCY)
    expect(result().status).toBe('error')
    expect(asked).toContainEqual([0, 'HTTP 500'])
    expect(asked).toContainEqual([1, 'HTTP 500'])
  })

  it('Q5, Q7: a first fetch that fails stays pending until `retry` is used up, by the attempts of the cache', async () => {
    world.trouble = new Error('HTTP 500')
    const { result } = world.mount('a')
    await advance(LATENCY)
    expect(result()).toMatchObject({ status: 'pending', fetchStatus: 'fetching', failureCount: 1 })
    await advance(15_000)
    expect(result()).toMatchObject({ status: 'error', fetchStatus: 'idle', isLoadingError: true })
    expect(result().failureCount).toBeGreaterThanOrEqual(4)
    const calls = world.calls.length
    expect(calls).toBeLessThanOrEqual(6)
    world.trouble = undefined
    await advance(60_000)
    expect(result()).toMatchObject({ status: 'success', data: { step: 1 } })
  })

  it('Q5: in an outage all that fail are errors, though the cache tries for them with single items', async () => {
    const mounted = ['a', 'b', 'c'].map((id) => world.mount(id))
    await advance(LATENCY)
    world.trouble = new Error('HTTP 500')
    await advance(INTERVAL + 10_000)
    expect(world.cache.getStatus().isOutage).toBe(true)
    expect(mounted.map(({ result }) => result().status)).toEqual(['error', 'error', 'error'])
    const fetched = mounted[0]?.observer.refetch()
    await advance(10_000)
    expect((await fetched)?.status).toBe('error')
    world.trouble = undefined
    await advance(120_000)
    expect(mounted.map(({ result }) => result().status)).toEqual(['success', 'success', 'success'])
  })

  it('Q5: offline, queries are paused, and go on when the network is back', async () => {
    const { result } = world.mount('a')
    await advance(LATENCY)
    onlineManager.setOnline(false)
    await advance(INTERVAL)
    expect(result()).toMatchObject({ fetchStatus: 'paused', isPaused: true, status: 'success' })
    const fresh = world.mount('b')
    await advance(INTERVAL)
    expect(fresh.result()).toMatchObject({ fetchStatus: 'paused', status: 'pending' })
    expect(world.calls).toEqual([['a']])
    onlineManager.setOnline(true)
    await advance(LATENCY)
    expect(result()).toMatchObject({ fetchStatus: 'idle', isPaused: false })
    expect(fresh.result()).toMatchObject({ fetchStatus: 'idle', data: { step: 1 } })
    expect(world.callsOf('b')).toBe(1)
    expect(world.ownFetches).toEqual([])
  })

  it('Q10: an item that the source deletes is an error without data, and comes back if it is asked for', async () => {
    const { result, observer } = world.mount('a')
    await advance(LATENCY)
    world.jobs.delete('a')
    await advance(INTERVAL + LATENCY)
    expect(result()).toMatchObject({ status: 'error', data: undefined, error: { code: 'DELETED' } })
    expect(result().fetchStatus).toBe('idle')
    await advance(5 * INTERVAL)
    expect(world.calls).toHaveLength(2)
    world.jobs.set('a', { step: 5 })
    const fetched = observer.refetch()
    await advance(LATENCY)
    expect((await fetched).data).toEqual({ step: 5 })
    expect(result()).toMatchObject({ status: 'success', data: { step: 5 } })
    await advance(INTERVAL + LATENCY)
    expect(world.calls).toHaveLength(4)
  })

  it('Q10: an id that the source does not know is an error', async () => {
    const { result } = world.mount('typo')
    await advance(LATENCY)
    expect(result()).toMatchObject({ status: 'error', error: { code: 'DELETED' }, fetchStatus: 'idle' })
    await advance(5 * INTERVAL)
    expect(world.calls).toHaveLength(1)
  })

  it('Q5: an item that is deleted and created elsewhere is shown again', async () => {
    const { result } = world.mount('a')
    await advance(LATENCY)
    world.cache.delete('a')
    await advance(1)
    expect(result()).toMatchObject({ status: 'error', data: undefined })
    world.cache.getOrCreate('a', { step: 9 })
    await advance(1)
    expect(result()).toMatchObject({ status: 'success', error: null, data: { step: 9 } })
  })

  it('Q7: `refetch` resolves when fresh: by a call that started after it', async () => {
    const { result, observer } = world.mount('a')
    await advance(LATENCY + INTERVAL + LATENCY / 2)
    expect(result().fetchStatus).toBe('fetching')
    world.jobs.set('a', { step: 2 })
    const fetched = observer.refetch()
    await advance(LATENCY / 2)
    expect(result()).toMatchObject({ data: { step: 1 }, fetchStatus: 'fetching' })
    await advance(LATENCY)
    expect((await fetched).data).toEqual({ step: 2 })
    expect(result()).toMatchObject({ data: { step: 2 }, fetchStatus: 'idle' })
    expect(world.calls).toHaveLength(3)
  })

  it('Q7: `invalidateQueries` is one call for all that are mounted, and resolves when they are fresh', async () => {
    const mounted = ['a', 'b', 'c'].map((id) => world.mount(id))
    await advance(LATENCY)
    for (const id of ['a', 'b', 'c']) world.jobs.set(id, { step: 2 })
    let isDone = false
    void world.client.invalidateQueries({ queryKey: ['jobs'] }).then(() => (isDone = true))
    expect(mounted.map(({ result }) => result().fetchStatus)).toEqual(['fetching', 'fetching', 'fetching'])
    await advance(LATENCY - 1)
    expect(isDone).toBe(false)
    await advance(1)
    expect(isDone).toBe(true)
    expect(mounted.map(({ result }) => result().data?.step)).toEqual([2, 2, 2])
    expect(mounted.map(({ result }) => result().isStale)).toEqual([false, false, false])
    expect(world.calls).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ])
  })

  it('Q7: an invalidated query without a component is fetched when it is mounted', async () => {
    const { unmount } = world.mount('a')
    await advance(LATENCY)
    unmount()
    await world.client.invalidateQueries({ queryKey: jobKey('a') })
    expect(world.calls).toHaveLength(1)
    const { result } = world.mount('a')
    expect(result().fetchStatus).toBe('fetching')
    await advance(LATENCY)
    expect(world.calls).toHaveLength(2)
    expect(result().isStale).toBe(false)
  })

  it('Q7: `fetchQuery`, `ensureQueryData` and `prefetchQuery` fetch through the cache, once', async () => {
    const fetched = world.client.fetchQuery(world.options('a'))
    const ensured = world.client.ensureQueryData(world.options('b'))
    void world.client.prefetchQuery(world.options('c'))
    await advance(LATENCY)
    expect(await fetched).toEqual({ step: 1 })
    expect(await ensured).toEqual({ step: 1 })
    expect(world.client.getQueryData(jobKey('c'))).toEqual({ step: 1 })
    expect(world.calls).toEqual([['a', 'b', 'c']])
    expect(world.cache.isRunning).toBe(false)
    expect(world.cache.stats().subscribers).toBe(0)
    await advance(10 * INTERVAL)
    expect(world.calls).toHaveLength(1)
    expect(world.ownFetches).toEqual([])
    // Nothing keeps it fresh, so it is fetched anew.
    void world.client.fetchQuery(world.options('a'))
    await advance(LATENCY)
    expect(world.calls).toHaveLength(2)
  })

  it('Q7: `fetchQuery` is not retried if nobody says so, as TanStack Query has it', async () => {
    world.trouble = new Error('HTTP 500')
    const fetched = world.client.fetchQuery(world.options('a'))
    fetched.catch(() => undefined)
    await advance(LATENCY)
    await expect(fetched).rejects.toBe(world.trouble)
    expect(world.calls).toHaveLength(1)
  })
})
