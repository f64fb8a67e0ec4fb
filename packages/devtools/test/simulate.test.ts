import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { VirtualClock, VirtualEnvironment } from '@auto-refresh/core/testing'
import { SharedAutoRefresh, type SharedOptions } from '@auto-refresh/share'
import { Bus } from '@auto-refresh/share/testing'
import { describe, expect, it } from 'vitest'
import { simulate } from '../src/index.ts'

/** A cache with a simulation, of which each refresh counts the item up. */
function makeCache(ids: readonly string[] = ['a']) {
  const clock = new VirtualClock()
  const environment = new VirtualEnvironment()
  const batches: (readonly string[])[] = []
  const options = simulate<number>({
    interval: 1000,
    jitter: 0,
    retry: { jitter: 0 },
    clock,
    environment,
    sync(batch) {
      batches.push(batch.map(({ id }) => id))
      return batch.map(({ id, item = 0 }) => ({ id, item: item + 1 }))
    },
  })
  const cache = new InMemoryAutoRefresh(options).start()
  for (const id of ids) cache.getOrCreate(id)
  return { cache, clock, environment, batches, simulation: options.simulation }
}

describe('simulate', () => {
  it('changes nothing without a fault', async () => {
    const { cache, clock, batches } = makeCache()
    await clock.advance(3500)
    expect(batches).toEqual([['a'], ['a'], ['a'], ['a']])
    expect(cache.get('a')).toBe(4)
    await cache.stop()
  })

  it('leaves the other options as they are, and answers at once where `sync` does', async () => {
    const policies = [() => ({})]
    const options = simulate<number>({ interval: 7, batchSize: 3, policies, sync: () => [] })
    expect(options).toMatchObject({ interval: 7, batchSize: 3, policies })
    expect(options.sync([], { signal: new AbortController().signal })).toEqual([])
  })

  it('offline: nothing starts by the clock, and what is asked for fails without reaching the source', async () => {
    const { cache, clock, batches, simulation } = makeCache()
    await clock.advance(500)
    simulation.set({ offline: true })
    await clock.advance(5000)
    expect(cache.getStatus().state).toBe('offline')
    expect(batches.length).toBe(1)
    const refresh = cache.refresh('a').catch((error: unknown) => error)
    await clock.advance(100)
    expect(await refresh).toEqual(new TypeError('simulated: the network is offline'))
    expect(batches.length).toBe(1)
    simulation.set({ offline: false })
    await clock.advance(1500)
    expect(cache.getStatus().state).toBe('running')
    expect(batches.length).toBeGreaterThan(1)
    await cache.stop()
  })

  it('hidden: nothing starts by the clock, and what is asked for works', async () => {
    const { cache, clock, batches, simulation } = makeCache()
    await clock.advance(500)
    simulation.set({ hidden: true })
    await clock.advance(5000)
    expect(cache.getStatus().state).toBe('hidden')
    expect(batches.length).toBe(1)
    const refresh = cache.refresh('a')
    await clock.advance(10)
    await refresh
    expect(batches.length).toBe(2)
    await cache.stop()
  })

  it('hidden and offline also while the environment itself says so', async () => {
    const { cache, clock, environment, simulation } = makeCache()
    environment.setOnline(false)
    simulation.set({ offline: true })
    simulation.set({ offline: false })
    await clock.advance(10)
    expect(cache.getStatus().state).toBe('offline')
    await cache.stop()
  })

  it('slow: each call waits first', async () => {
    const { cache, clock, batches, simulation } = makeCache([])
    simulation.set({ delay: 2000 })
    cache.getOrCreate('a')
    await clock.advance(1999)
    expect(batches.length).toBe(0)
    expect(cache.getSnapshot('a').isRefreshing).toBe(true)
    await clock.advance(1)
    expect(cache.get('a')).toBe(1)
    await cache.stop()
  })

  it('slow: a stop ends the wait, and the source is not asked', async () => {
    const { cache, clock, batches, simulation } = makeCache([])
    simulation.set({ delay: 20_000 })
    cache.getOrCreate('a')
    await clock.advance(100)
    await cache.stop()
    await clock.advance(30_000)
    expect(batches).toEqual([])
  })

  it('failing: every call fails, and the cache tells of an outage', async () => {
    const { cache, clock, batches, simulation } = makeCache()
    simulation.set({ failing: true })
    await clock.advance(10_000)
    expect(batches).toEqual([])
    expect(cache.getStatus()).toMatchObject({
      isOutage: true,
      error: new Error('simulated: every call fails'),
    })
    simulation.clear()
    await clock.advance(120_000)
    expect(cache.getStatus().isOutage).toBe(false)
    await cache.stop()
  })

  it('one poisonous id: it is isolated, and the others are refreshed', async () => {
    const { cache, clock, simulation } = makeCache(['a', 'b', 'c', 'd'])
    simulation.set({ poisonousId: 'c' })
    await clock.advance(30_000)
    expect(cache.getSnapshot('c').error).toEqual(new Error('simulated: "c" is poisonous'))
    for (const id of ['a', 'b', 'd'])
      expect(cache.getSnapshot(id)).toMatchObject({ error: undefined, status: 'active' })
    await cache.stop()
  })

  it('T8: a change of a fault that the environment has nothing to do with ends no outage', async () => {
    const { simulation, cache, clock, environment } = makeCache()
    let told = 0
    const options = simulate<number>({ interval: 1000, environment, sync: () => [] })
    const leave = options.environment?.subscribe(() => (told += 1))
    options.simulation.set({ delay: 5, failing: true, poisonousId: 'x' })
    expect(told).toBe(0)
    options.simulation.set({ hidden: true })
    options.simulation.set({ hidden: true, delay: 6 })
    expect(told).toBe(1)
    leave?.()
    options.simulation.set({ hidden: false })
    expect(told).toBe(1)
    simulation.clear()
    await clock.advance(1)
    await cache.stop()
  })

  it('serves a shared cache as well', async () => {
    const clock = new VirtualClock()
    const options = simulate<number, SharedOptions<number>>({
      interval: 1000,
      clock,
      group: 'me',
      transport: new Bus(clock).transport('a'),
      sync: (batch) => batch.map(({ id, item = 0 }) => ({ id, item: item + 1 })),
    })
    const cache = new SharedAutoRefresh(options).start()
    cache.getOrCreate('a')
    options.simulation.set({ failing: true })
    await clock.advance(5000)
    expect(cache.getSnapshot('a').error).toMatchObject({
      message: expect.stringContaining('simulated') as string,
    })
    options.simulation.clear()
    await clock.advance(120_000)
    expect(cache.get('a')).toBeGreaterThan(0)
    await cache.stop()
  })

  it('refuses a delay that is none', () => {
    const { simulation } = simulate<number>({ interval: 1, sync: () => [] })
    for (const delay of [-1, NaN, Infinity]) expect(() => simulation.set({ delay })).toThrow(RangeError)
    expect(simulation.faults.delay).toBe(0)
  })

  it('tells listeners of changes only, at once, until they leave', () => {
    const { simulation } = simulate<number>({ interval: 1, sync: () => [] })
    const seen: boolean[] = []
    const leave = simulation.subscribe(() => seen.push(simulation.faults.failing))
    simulation.set({ failing: true })
    simulation.set({ failing: true })
    simulation.set({})
    leave()
    simulation.clear()
    expect(seen).toEqual([true])
  })
})
