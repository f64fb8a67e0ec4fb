import type { InMemoryAutoRefresh } from '@auto-refresh/core'
import type { VirtualClock } from '@auto-refresh/core/testing'
import { describe, expect, it } from 'vitest'
import { replace, running, world, type Job } from './world.ts'

describe('AsyncDisposable', () => {
  it('AsyncDisposable, L3: the end of the block of an `await using` stops the cache', async () => {
    const { cache, clock, calls } = world()
    const inBlock = async (): Promise<void> => {
      await using own = cache.start()
      own.getOrCreate('a', running())
      await clock.advance(0)
      expect(own.isRunning).toBe(true)
    }
    await inBlock()
    expect(cache.isRunning).toBe(false)
    expect(clock.timers).toBe(0)
    await clock.advance(5000)
    expect(calls).toHaveLength(1)
    expect(cache.get('a')).toEqual(running())
  })

  it('AsyncDisposable: if there is Symbol.asyncDispose, a cache has no symbol of another kind', () => {
    const had = Reflect.has(Symbol, 'asyncDispose')
    const restore = had ? () => {} : replace(Symbol, 'asyncDispose', Symbol('asyncDispose'))
    try {
      expect(Object.getOwnPropertySymbols(world().cache)).toEqual([])
    } finally {
      restore()
    }
  })

  it('AsyncDisposable: an error in the block stops the cache, and is passed on', async () => {
    const { cache } = world()
    const error = new Error('of the block')
    const inBlock = async (): Promise<void> => {
      await using own = cache.start()
      own.getOrCreate('a', running())
      throw error
    }
    await expect(inBlock()).rejects.toBe(error)
    expect(cache.isRunning).toBe(false)
  })

  it('AsyncDisposable, L3: the block is left when no call runs any more', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const dispose = async (own: InMemoryAutoRefresh<Job>): Promise<void> => {
      await using _ = own
    }
    let left = false
    const disposed = dispose(cache).then(() => (left = true))
    await clock.advance(0)
    expect(lastCall().signal.aborted).toBe(true)
    expect(left).toBe(false)
    lastCall().answer([])
    await disposed
    expect(cache.stats().runningCalls).toBe(0)
  })

  it('AsyncDisposable, L5: a stop whose call settled in time leaves no timer', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const stopped = cache.stop()
    lastCall().answer([])
    await stopped
    await clock.advance(0)
    expect(clock.timers).toBe(0)
  })

  it('AsyncDisposable: a cache that does not run is disposed of at once, and again', async () => {
    const { cache } = world()
    const dispose = async (): Promise<void> => {
      await using _ = cache
    }
    await dispose()
    await dispose()
    expect(cache.isRunning).toBe(false)
  })

  it('AsyncDisposable, L4: what was disposed of can be started again', async () => {
    const { cache, clock, calls } = world()
    const dispose = async (): Promise<void> => {
      await using _ = cache.start()
    }
    await dispose()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(calls).toHaveLength(1)
  })
})

describe('without Symbol.asyncDispose', () => {
  it('AsyncDisposable: the cache has a method that compiled `await using` finds, and no loop shows', async () => {
    // Safari's constructor behaves like this.
    const restore = replace(globalThis, 'Symbol', { for: Symbol.for, iterator: Symbol.iterator })
    let cache: InMemoryAutoRefresh<Job>
    let clock: VirtualClock
    try {
      ;({ cache, clock } = world())
    } finally {
      restore()
    }
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const dispose: unknown = Reflect.get(cache, Symbol.for('Symbol.asyncDispose'))
    expect(dispose).toBeTypeOf('function')
    if (typeof dispose === 'function') await Reflect.apply(dispose, cache, [])
    expect(cache.isRunning).toBe(false)
    expect(Object.keys(cache)).toEqual([])
  })
})
