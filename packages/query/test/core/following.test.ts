import { skipToken } from '@tanstack/query-core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { advance, INTERVAL, jobKey, LATENCY, World } from '../world.ts'

describe('a query that is mounted', () => {
  let world: World

  beforeEach(() => {
    vi.useFakeTimers()
    world = new World()
    for (const id of ['a', 'b', 'c']) world.jobs.set(id, { step: 1 })
  })

  afterEach(async () => {
    await world.end()
    vi.restoreAllMocks()
    vi.useRealTimers()
  })

  it('Q2: is a subscription: fetched at once, and refreshed while it is mounted', async () => {
    const { unmount, result } = world.mount('a')
    expect(result()).toMatchObject({ status: 'pending', fetchStatus: 'fetching', isLoading: true })
    await advance(LATENCY)
    expect(result()).toMatchObject({ status: 'success', fetchStatus: 'idle', data: { step: 1 } })
    expect(world.calls).toEqual([['a']])
    world.jobs.set('a', { step: 2 })
    await advance(INTERVAL + LATENCY)
    expect(result().data).toEqual({ step: 2 })
    expect(world.calls).toEqual([['a'], ['a']])
    unmount()
    expect(world.cache.stats().subscribers).toBe(0)
    await advance(3 * INTERVAL)
    expect(world.calls).toHaveLength(2)
    expect(world.cache.isRunning).toBe(false)
  })

  it('Q2, Q4: all that are mounted together share calls', async () => {
    for (const id of ['a', 'b', 'c']) world.mount(id)
    await advance(LATENCY + INTERVAL)
    expect(world.calls).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ])
  })

  it('Q2: unmounted and mounted again at once (StrictMode), it makes no additional call', async () => {
    const first = world.mount('a')
    first.unmount()
    const second = world.mount('a')
    await advance(LATENCY)
    expect(second.result().data).toEqual({ step: 1 })
    expect(world.calls).toEqual([['a']])
    expect(world.cache.stats().subscribers).toBe(1)
  })

  it('Q2: several components that show one id are one subscription, until the last one leaves', async () => {
    const first = world.mount('a')
    const second = world.mount('a')
    expect(world.cache.stats().subscribers).toBe(2) // the second is that of the fetch
    await advance(LATENCY)
    expect(world.cache.stats().subscribers).toBe(1)
    first.unmount()
    expect(world.cache.stats().subscribers).toBe(1)
    second.unmount()
    expect(world.cache.stats().subscribers).toBe(0)
  })

  it('Q2: `enabled: false` and `skipToken` are no subscription', async () => {
    const disabled = world.mount('a', { enabled: false })
    const skipped = world.mount('b', { queryFn: skipToken })
    await advance(2 * INTERVAL)
    expect(world.calls).toEqual([])
    expect(world.cache.size).toBe(0)
    expect(disabled.result()).toMatchObject({ status: 'pending', fetchStatus: 'idle' })
    expect(skipped.result()).toMatchObject({ status: 'pending', fetchStatus: 'idle' })
    disabled.observer.setOptions({ ...world.options('a'), enabled: true })
    await advance(LATENCY)
    expect(disabled.result().data).toEqual({ step: 1 })
    disabled.observer.setOptions({ ...world.options('a'), enabled: false })
    expect(world.cache.stats().subscribers).toBe(0)
    await advance(3 * INTERVAL)
    expect(world.calls).toEqual([['a']])
  })

  it('Q2: `enabled` may be a function of the query, and ends the subscription by its data', async () => {
    const { result } = world.mount('a', { enabled: ({ state }) => (state.data?.step ?? 0) < 2 })
    await advance(LATENCY)
    expect(result().data).toEqual({ step: 1 })
    world.jobs.set('a', { step: 2 })
    await advance(INTERVAL + LATENCY)
    expect(result().data).toEqual({ step: 2 })
    expect(world.cache.stats().subscribers).toBe(0)
    await advance(3 * INTERVAL)
    expect(world.calls).toHaveLength(2)
  })

  it('Q2: a key of another id moves the subscription', async () => {
    const { observer, result } = world.mount('a')
    await advance(LATENCY)
    observer.setOptions(world.options('b'))
    expect(result()).toMatchObject({ data: undefined, fetchStatus: 'fetching' })
    await advance(LATENCY)
    expect(result().data).toEqual({ step: 1 })
    await advance(INTERVAL)
    expect(world.calls).toEqual([['a'], ['b'], ['b']])
  })

  it('Q9: its own `queryFn`, `refetchInterval`, focus and reconnect options do nothing', async () => {
    world.mount('a', {
      refetchIntervalInBackground: true,
      refetchOnWindowFocus: 'always',
      refetchOnReconnect: 'always',
      staleTime: 0,
    })
    await advance(LATENCY)
    await advance(INTERVAL - 1)
    expect(world.calls).toEqual([['a']])
    await advance(1 + 3 * (INTERVAL + LATENCY))
    expect(world.calls).toHaveLength(5)
    expect(world.ownFetches).toEqual([])
  })

  it('Q9: new options in each rendering change nothing about that', async () => {
    const { observer } = world.mount('a')
    await advance(LATENCY)
    for (let rendering = 0; rendering < 20; rendering++) {
      observer.setOptions(world.options('a'))
      await advance(INTERVAL / 20)
    }
    expect(world.calls).toHaveLength(2)
    expect(world.ownFetches).toEqual([])
  })

  it('Q9: a component that is mounted while another shows the query fetches nothing', async () => {
    world.mount('a')
    await advance(LATENCY)
    const { result } = world.mount('a')
    expect(result()).toMatchObject({ data: { step: 1 }, fetchStatus: 'idle', isStale: false })
    await advance(INTERVAL - 1)
    expect(world.calls).toHaveLength(1)
  })

  it('Q1: other queries of the client are left alone', async () => {
    let fetches = 0
    const { result } = world.mount('a', {})
    const other = { queryKey: ['jobs', 'a', 'log'], queryFn: () => (fetches += 1), refetchInterval: 500 }
    const list = { queryKey: ['jobs'], queryFn: () => (fetches += 1), refetchInterval: 500 }
    const { QueryObserver } = await import('@tanstack/query-core')
    const leave = [other, list].map((options) =>
      new QueryObserver(world.client, options).subscribe(() => undefined),
    )
    await advance(2000)
    expect(fetches).toBe(10)
    expect([...world.cache.ids()]).toEqual(['a'])
    expect(result().data).toEqual({ step: 1 })
    for (const each of leave) each()
  })

  it('Q10: garbage collection comes after its subscription, and then the item goes as P7 says', async () => {
    const { unmount } = world.mount('a', { gcTime: 1000 })
    world.client.setDefaultOptions({})
    await advance(LATENCY)
    unmount()
    expect(world.cache.stats().subscribers).toBe(0)
    await advance(300_000)
    expect(world.client.getQueryState(jobKey('a'))).toBeUndefined()
    expect(world.cache.stats().subscribers).toBe(0)
  })

  it('Q2: a subscription that a policy refuses is an error, reported once; it follows once there is room', async () => {
    const full = new Error('no room for b')
    let isFull = true
    const reported = vi.spyOn(console, 'error').mockReturnValue()
    await world.end()
    world = new World({
      policies: [
        () => ({
          admit(id) {
            if (id === 'b' && isFull) throw full
          },
        }),
      ],
    })
    world.jobs.set('b', { step: 1 })
    const { result, observer, unmount } = world.mount('b')
    await advance(LATENCY)
    expect(result()).toMatchObject({ status: 'error', error: full })
    expect(world.cache.isRunning).toBe(false)
    expect(reported.mock.calls).toEqual([[full]])
    isFull = false
    void observer.refetch()
    await advance(LATENCY)
    expect(result()).toMatchObject({ status: 'success', data: { step: 1 } })
    await advance(INTERVAL + LATENCY)
    expect(world.callsOf('b')).toBe(2)
    unmount()
    await advance(INTERVAL)
    expect(world.cache.isRunning).toBe(false)
  })
})
