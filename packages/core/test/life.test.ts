import { describe, expect, it } from 'vitest'
import { log } from './scheduling.ts'
import { done, isTerminal, running, world } from './world.ts'

describe('start', () => {
  it('L1: a cache that was not started refreshes nothing', async () => {
    const { cache, clock, calls } = world()
    cache.getOrCreate('a', running())
    await clock.advance(10_000)
    expect(cache.isRunning).toBe(false)
    expect(calls).toEqual([])
  })

  it('L1: start returns the cache at once, which runs from then on', () => {
    const { cache, calls } = world()
    cache.getOrCreate('a', running())
    expect(cache.start()).toBe(cache)
    expect(cache.isRunning).toBe(true)
    expect(calls).toEqual([])
  })

  it('L1: start begins the refreshing, and it goes on', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(3000)
    expect(log(calls)).toEqual(['0 a', '1000 a', '2000 a', '3000 a'])
  })

  it('L1: an item created before it is due at once', async () => {
    const { cache, clock, calls } = world()
    cache.getOrCreate('a', running())
    await clock.advance(5000)
    cache.start()
    await clock.advance(0)
    expect(log(calls)).toEqual(['5000 a'])
  })

  it('L1: without syncOnCreate an item is due one interval after its creation, not after start', async () => {
    const { cache, clock, calls } = world({ syncOnCreate: false })
    cache.getOrCreate('a', running())
    await clock.advance(300)
    cache.start()
    await clock.advance(699)
    expect(calls).toEqual([])
    await clock.advance(1)
    expect(log(calls)).toEqual(['1000 a'])
  })

  it('L1: without syncOnCreate an item whose interval has passed before start is due at once', async () => {
    const { cache, clock, calls } = world({ syncOnCreate: false })
    cache.getOrCreate('a', running())
    await clock.advance(1500)
    cache.start()
    await clock.advance(0)
    expect(log(calls)).toEqual(['1500 a'])
  })

  it('L1: the batch window of an item created before start is counted from its creation', async () => {
    const { cache, clock, calls } = world({ batchWindow: 50 })
    cache.getOrCreate('a', running())
    await clock.advance(30)
    cache.start()
    await clock.advance(19)
    expect(calls).toEqual([])
    await clock.advance(1)
    expect(log(calls)).toEqual(['50 a'])
  })

  it('L1: a terminal item created before start is not due', async () => {
    const { cache, clock, calls } = world({ isTerminal })
    cache.getOrCreate('a', done())
    cache.start()
    await clock.advance(5000)
    expect(calls).toEqual([])
  })

  it('L1: start is told once', () => {
    const { cache, events } = world()
    cache.start()
    expect(events).toEqual([{ type: 'started' }])
  })
})

describe('start of a running cache', () => {
  it('L2, D19: it doubles no refresh', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    cache.start()
    await clock.advance(2500)
    cache.start()
    await clock.advance(2000)
    expect(log(calls)).toEqual(['0 a', '1000 a', '2000 a', '3000 a', '4000 a'])
  })

  it('L2, D19: it sends nothing beyond concurrency', async () => {
    const { cache, clock, calls } = world({ concurrency: 1, batchSize: 1, answer: () => 'wait' })
    cache.start().start().getOrCreate('a', running())
    cache.getOrCreate('b', running())
    cache.start()
    await clock.advance(100)
    cache.start()
    await clock.advance(100)
    expect(log(calls)).toEqual(['0 a'])
  })

  it('L2: it returns the cache and is not told', () => {
    const { cache, events } = world()
    cache.start()
    expect(cache.start()).toBe(cache)
    expect(events.map((event) => event.type)).toEqual(['started'])
  })

  it('L2: its signal, too, stops the cache', () => {
    const { cache } = world()
    const second = new AbortController()
    cache.start({ signal: new AbortController().signal }).start({ signal: second.signal })
    second.abort()
    expect(cache.isRunning).toBe(false)
  })

  it('L2: the signal of the first start still stops the cache', () => {
    const { cache } = world()
    const first = new AbortController()
    cache.start({ signal: first.signal }).start({ signal: new AbortController().signal })
    first.abort()
    expect(cache.isRunning).toBe(false)
  })

  it('L2: a second start without a signal does not take the signal of the first away', () => {
    const { cache } = world()
    const first = new AbortController()
    cache.start({ signal: first.signal }).start()
    first.abort()
    expect(cache.isRunning).toBe(false)
  })

  it('L2: its signal stops a cache that was started without one', () => {
    const { cache } = world()
    const second = new AbortController()
    cache.start().start({ signal: second.signal })
    second.abort()
    expect(cache.isRunning).toBe(false)
  })

  it('L2: a signal that was given twice stops once', () => {
    const { cache, events } = world()
    const controller = new AbortController()
    cache.start({ signal: controller.signal }).start({ signal: controller.signal })
    controller.abort()
    expect(events.map((event) => event.type)).toEqual(['started', 'stopped'])
  })

  it('L2: the same signal given twice is listened to once', () => {
    let listeners = 0
    const { signal } = new AbortController()
    const add = signal.addEventListener.bind(signal)
    Object.defineProperty(signal, 'addEventListener', {
      value: (...rest: Parameters<typeof add>) => {
        listeners += 1
        add(...rest)
      },
    })
    const w = world()
    for (let times = 0; times < 5; times++) w.cache.start({ signal })
    expect(listeners).toBe(1)
  })
})

describe('start with a signal that is aborted already', () => {
  it('L2: it does nothing', async () => {
    const { cache, clock, calls, events } = world()
    cache.getOrCreate('a', running())
    const before = events.length
    expect(cache.start({ signal: AbortSignal.abort() })).toBe(cache)
    expect(cache.isRunning).toBe(false)
    await clock.advance(5000)
    expect(calls).toEqual([])
    expect(clock.timers).toBe(0)
    expect(events).toHaveLength(before)
  })

  it('L2: it does not stop a running cache', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    cache.start({ signal: AbortSignal.abort() })
    expect(cache.isRunning).toBe(true)
    await clock.advance(1000)
    expect(calls).toHaveLength(2)
  })

  it('L2: a later start without it works', async () => {
    const { cache, clock, calls } = world()
    cache.start({ signal: AbortSignal.abort() }).start().getOrCreate('a', running())
    await clock.advance(0)
    expect(log(calls)).toEqual(['0 a'])
  })
})
