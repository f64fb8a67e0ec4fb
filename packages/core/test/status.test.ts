import { type CacheStatus } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createAll, failed, outcomeOf, untyped } from './scheduling.ts'
import { captureReports, endOfTurn, running, unchanged, world, type Job, type World } from './world.ts'

type Options = NonNullable<Parameters<typeof world<Job>>[0]>

const down = new Error('down')

/** A source that `heal` ends the outage of; two items, so that a failed call is retried by a group. */
function broken(options: Options = {}): World<Job> & { readonly heal: () => void } {
  let isDown = true
  const w = world({
    interval: 10_000,
    answer: (batch) => (isDown ? Promise.reject(down) : unchanged(batch)),
    ...options,
  })
  createAll(w.cache.start(), ['a', 'b'])
  return {
    ...w,
    heal: () => {
      isDown = false
    },
  }
}

describe('the state of the cache', () => {
  it('G4: it is the first that holds of stopped, paused, hidden, offline, else running', () => {
    const { cache, environment } = world()
    const state = (): CacheStatus['state'] => cache.getStatus().state
    environment.setOnline(false)
    environment.setVisible(false)
    cache.pause()
    expect(state()).toBe('stopped')
    cache.start()
    expect(state()).toBe('paused')
    cache.resume()
    expect(state()).toBe('hidden')
    environment.setVisible(true)
    expect(state()).toBe('offline')
    environment.setOnline(true)
    expect(state()).toBe('running')
    void cache.stop()
    expect(state()).toBe('stopped')
  })

  it.each<[string, Options, CacheStatus['state']]>([
    ['hidden, if refreshWhenHidden is false', {}, 'hidden'],
    ['hidden, if it is a number', { refreshWhenHidden: 30_000 }, 'hidden'],
    ['offline, if only refreshWhenHidden is true', { refreshWhenHidden: true }, 'offline'],
    ['running, if both are true', { refreshWhenHidden: true, refreshWhenOffline: true }, 'running'],
  ])('G4: hidden and offline it is %s', (_, options, state) => {
    const { cache, environment } = world(options)
    cache.start()
    environment.setVisible(false)
    environment.setOnline(false)
    expect(cache.getStatus().state).toBe(state)
  })
})

describe('the status object', () => {
  it('G4: at first it says nothing but stopped', () => {
    expect(world().cache.getStatus()).toEqual({
      state: 'stopped',
      isOutage: false,
      error: undefined,
      lastSuccessAt: undefined,
      retryAt: undefined,
    })
  })

  it('G4: it is the same object until something in it changes', async () => {
    const { cache, clock } = world()
    cache.start().getOrCreate('a', running())
    const before = cache.getStatus()
    cache.update('a', running(1))
    expect(cache.getStatus()).toBe(before)
    await clock.advance(0)
    const after = cache.getStatus()
    expect(after).toEqual({ ...before, lastSuccessAt: 1_000_000 })
    await clock.advance(500)
    expect(cache.getStatus()).toBe(after)
    await clock.advance(500)
    expect(cache.getStatus().lastSuccessAt).toBe(1_001_000)
  })

  it('G4: error and lastSuccessAt are those of calls, not of items', async () => {
    const { cache, clock } = world({ answer: () => [failed('a', 'busy')] })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(cache.getStatus()).toMatchObject({ error: undefined, lastSuccessAt: 1_000_000 })
    cache.ingest([{ id: 'a', action: 'fail', error: 'pushed' }])
    expect(cache.getStatus().error).toBeUndefined()
  })

  it('G4: error is that of the last call, until one succeeds', async () => {
    const { cache, clock, heal } = broken()
    await clock.advance(0)
    expect(cache.getStatus()).toMatchObject({ error: down, isOutage: false, lastSuccessAt: undefined })
    heal()
    await clock.advance(1000)
    expect(cache.getStatus()).toMatchObject({ error: undefined, lastSuccessAt: 1_001_000 })
  })

  it('G4, F12: isOutage and retryAt are of an announced outage', async () => {
    const { cache, clock, heal } = broken()
    await clock.advance(1999)
    expect(cache.getStatus()).toMatchObject({ isOutage: false, retryAt: undefined })
    await clock.advance(1)
    expect(cache.getStatus()).toMatchObject({ isOutage: true, error: down, retryAt: 1_004_000 })
    heal()
    await clock.advance(2000)
    expect(cache.getStatus()).toMatchObject({ isOutage: false, error: undefined, retryAt: undefined })
  })
})

describe('a listener of the status', () => {
  /** Counts what a listener is told from now on. */
  function counting({ cache }: World<Job>): { count: number } {
    const told = { count: 0 }
    cache.subscribeStatus(() => (told.count += 1))
    return told
  }

  it.each<[string, (w: World<Job>) => unknown]>([
    ['stop', ({ cache }) => cache.stop()],
    ['pause', ({ cache }) => cache.pause()],
    ['a hidden page', ({ environment }) => environment.setVisible(false)],
    ['a network that goes', ({ environment }) => environment.setOnline(false)],
  ])('G4: it is told in a microtask of %s', async (_, act) => {
    const w = world()
    w.cache.start()
    await endOfTurn()
    const told = counting(w)
    act(w)
    expect(told.count).toBe(0)
    await endOfTurn()
    expect(told.count).toBe(1)
  })

  it('G4: it is told of errors, of the outage, and of the next attempt', async () => {
    const w = broken({ answer: () => Promise.reject(down) })
    const told = counting(w)
    await w.clock.advance(0)
    expect(told.count).toBe(1)
    await w.clock.advance(1000)
    expect(told.count).toBe(1)
    await w.clock.advance(1000)
    expect(told.count).toBe(2)
    const before = told.count
    await w.clock.advance(2000)
    expect(w.cache.getStatus().retryAt).toBe(1_008_000)
    expect(told.count).toBe(before + 1)
  })

  it.each<[string, (w: World<Job>) => unknown]>([
    ['clear', ({ cache }) => cache.clear()],
    ['a deletion of what fails', ({ cache }) => [cache.delete('a'), cache.delete('b')]],
    ['a refresh', ({ cache }) => outcomeOf(cache.refresh('a'))],
    ['refreshAll', ({ cache }) => outcomeOf(cache.refreshAll())],
    ['a probe that takes its time', () => undefined],
    ['a new item', ({ cache }) => cache.getOrCreate('new', running())],
  ])('G4: it has been told of whatever getStatus returns in an outage: %s', async (_, act) => {
    const w = broken({ answer: (_batch, call) => (call.at < 4000 ? Promise.reject(down) : 'wait') })
    let told = w.cache.getStatus()
    w.cache.subscribeStatus(() => {
      told = w.cache.getStatus()
    })
    await w.clock.advance(3100)
    expect(w.cache.getStatus().isOutage).toBe(true)
    act(w)
    for (let step = 0; step < 40; step++) {
      await w.clock.advance(100)
      expect({ ...told, lastSuccessAt: 0 }).toEqual({ ...w.cache.getStatus(), lastSuccessAt: 0 })
    }
  })

  it('G4: it is not told of lastSuccessAt alone, nor of items', async () => {
    const w = world()
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    const told = counting(w)
    w.cache.update('a', running(1))
    w.cache.ingest([failed('a')])
    w.cache.delete('b')
    await w.clock.advance(5000)
    expect(w.cache.getStatus().lastSuccessAt).toBe(1_005_000)
    expect(told.count).toBe(0)
  })

  it('G4: it is not told what did not come to last: a pause within one turn', async () => {
    const w = world()
    w.cache.start()
    await endOfTurn()
    const told = counting(w)
    w.cache.pause()
    w.cache.pause()
    await endOfTurn()
    expect(told.count).toBe(1)
    w.environment.setVisible(false)
    await endOfTurn()
    expect(told.count).toBe(1)
  })

  it('G4: it is called without arguments, in order, and never after its unsubscribe returned', async () => {
    const { cache } = world()
    const heard: unknown[][] = []
    const leave = [1, 2, 3].map((n) =>
      cache.subscribeStatus((...given: unknown[]) => heard.push([n, ...given])),
    )
    cache.start()
    leave[1]?.()
    leave[1]?.()
    await endOfTurn()
    expect(heard).toEqual([[1], [3]])
  })

  it('G4, F7: a listener that throws or rejects is reported once each time, and the others are called', async () => {
    const captured = captureReports()
    try {
      const w = world()
      w.cache.subscribeStatus(() => {
        throw new Error('thrown')
      })
      w.cache.subscribeStatus(() => Promise.reject(new Error('rejected')) as unknown as undefined)
      const told = counting(w)
      w.cache.start()
      await endOfTurn()
      expect(told.count).toBe(1)
      expect(captured.reports.map(String).sort()).toEqual(['Error: rejected', 'Error: thrown'])
    } finally {
      captured.restore()
    }
  })

  it('G4: a listener that is no function is a TypeError', () => {
    expect(() => world().cache.subscribeStatus(untyped({}))).toThrow(TypeError)
  })
})
