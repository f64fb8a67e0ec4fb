import { expiry } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { told, times } from './scheduling.ts'
import { done, isTerminal, running, world } from './world.ts'

describe('update and the due time', () => {
  it('W3: it does not move the due time, however often it is called', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    for (let step = 0; step < 40; step++) {
      await clock.advance(73)
      cache.update('a', running(step))
    }
    expect(times(calls)).toEqual([0, 1000, 2000])
  })

  it('W3: it does not bring the due time forward', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    cache.update('a', running(1))
    expect(cache.inProcessing('a')).toBe(false)
    await clock.advance(899)
    expect(times(calls)).toEqual([0])
    await clock.advance(1)
    expect(times(calls)).toEqual([0, 1000])
  })

  it('W3: it says so in the snapshot', async () => {
    const { cache, clock } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(300)
    cache.update('a', running(1))
    expect(cache.getSnapshot('a').nextRefreshAt).toBe(1_001_000)
  })

  it('W3: it does not take an item out of the queue', async () => {
    const { cache, clock, calls } = world({ batchSize: 1, concurrency: 1, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(0)
    const waits = calls[0]?.ids[0] === 'a' ? 'b' : 'a'
    cache.update(waits, running(5))
    expect(cache.inProcessing(waits)).toBe(true)
    calls[0]?.answer([])
    await clock.advance(0)
    expect(calls[1]?.ids).toEqual([waits])
  })

  it('W3: it does not move the first refresh of a cache without syncOnCreate', async () => {
    const { cache, clock, calls } = world({ syncOnCreate: false })
    cache.start().getOrCreate('a', running())
    await clock.advance(900)
    cache.update('a', running(1))
    await clock.advance(100)
    expect(times(calls)).toEqual([1000])
  })

  it('W3: it does not evaluate the interval', async () => {
    let asked = 0
    const { cache, clock } = world({
      interval: () => {
        asked += 1
        return 1000
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    for (let step = 0; step < 10; step++) cache.update('a', running(step))
    expect(asked).toBe(1)
  })
})

describe('update and isTerminal', () => {
  it('W3: an item that is terminal now is refreshed no more', async () => {
    const { cache, clock, calls, events } = world({ isTerminal })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    cache.update('a', done())
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'terminal', nextRefreshAt: undefined })
    await clock.advance(10_000)
    expect(times(calls)).toEqual([0])
    expect(told(events)).toContain('terminal a')
  })

  it('W3: an item that waits for its turn is not sent when it becomes terminal', async () => {
    const { cache, clock, calls } = world({ isTerminal })
    cache.start().getOrCreate('a', running())
    cache.update('a', done())
    await clock.advance(5000)
    expect(calls).toEqual([])
    expect(cache.inProcessing('a')).toBe(false)
  })

  it('W3: an item that is terminal no more is due one interval after its last refresh', async () => {
    const { cache, clock, calls } = world({ isTerminal })
    cache.start().getOrCreate('a', running())
    await clock.advance(200)
    cache.update('a', done())
    await clock.advance(300)
    cache.update('a', running())
    expect(cache.getSnapshot('a').status).toBe('active')
    await clock.advance(499)
    expect(times(calls)).toEqual([0])
    await clock.advance(1)
    expect(times(calls)).toEqual([0, 1000])
  })

  it('W3: at once if that is past', async () => {
    const { cache, clock, calls } = world({ isTerminal })
    cache.start().getOrCreate('a', running())
    await clock.advance(200)
    cache.update('a', done())
    await clock.advance(5000)
    cache.update('a', running())
    await clock.advance(0)
    expect(times(calls)).toEqual([0, 5200])
    await clock.advance(1000)
    expect(times(calls)).toEqual([0, 5200, 6200])
  })

  it('W3: at once if it was never refreshed', async () => {
    const { cache, clock, calls } = world({ isTerminal })
    cache.start().getOrCreate('a', done())
    await clock.advance(300)
    cache.update('a', running())
    await clock.advance(0)
    expect(times(calls)).toEqual([300])
  })

  it('W3: the interval that the last refresh gave still counts', async () => {
    let interval = 3000
    const { cache, clock, calls } = world({ isTerminal, interval: () => interval })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    interval = 10
    cache.update('a', done())
    cache.update('a', running())
    await clock.advance(2899)
    expect(times(calls)).toEqual([0])
    await clock.advance(1)
    expect(times(calls)).toEqual([0, 3000])
  })

  it('W3: but not before what its failures demand', async () => {
    const fail = (): never => {
      throw new Error('down')
    }
    const { cache, clock, calls } = world({ isTerminal, answer: fail })
    cache.start().getOrCreate('a', running())
    await clock.advance(1100)
    expect(times(calls)).toEqual([0, 1000])
    cache.update('a', done())
    await clock.advance(1500)
    cache.update('a', running())
    await clock.advance(399)
    expect(times(calls)).toEqual([0, 1000])
    await clock.advance(1)
    expect(times(calls)).toEqual([0, 1000, 3000])
  })

  it('W3: but not before a retryAfter', async () => {
    const { cache, clock, calls } = world({
      isTerminal,
      answer: (batch) => batch.map(({ id }) => ({ id, action: 'fail', error: 'busy', retryAfter: 7000 })),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    cache.update('a', done())
    await clock.advance(3000)
    cache.update('a', running())
    await clock.advance(3899)
    expect(times(calls)).toEqual([0])
    await clock.advance(1)
    expect(times(calls)).toEqual([0, 7000])
  })

  it('W3: an expired item stays expired, and is not refreshed', async () => {
    const { cache, clock, calls } = world({ isTerminal, policies: [expiry({ maxAge: 500 })] })
    cache.start().getOrCreate('a', running())
    await clock.advance(600)
    cache.update('a', running(1))
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'expired', item: running(1) })
    await clock.advance(5000)
    expect(cache.getSnapshot('a').status).toBe('expired')
    expect(times(calls)).toEqual([0])
  })

  it('W3: unless its new value is terminal', async () => {
    const { cache, clock, events } = world({ isTerminal, policies: [expiry({ maxAge: 500 })] })
    cache.start().getOrCreate('a', running())
    await clock.advance(600)
    cache.update('a', done(1))
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'terminal', item: done(1) })
    expect(told(events)).toContain('terminal a')
  })

  it('W3: a terminal item that comes back to life after its maxAge expires at once', async () => {
    const { cache, clock, calls, events } = world({ isTerminal, policies: [expiry({ maxAge: 500 })] })
    cache.start().getOrCreate('a', done())
    await clock.advance(600)
    expect(cache.getSnapshot('a').status).toBe('terminal')
    cache.update('a', running())
    await clock.advance(0)
    expect(cache.getSnapshot('a').status).toBe('expired')
    expect(told(events)).toContain('expired a')
    await clock.advance(5000)
    expect(calls).toEqual([])
  })

  it('W3: an expired item that was made terminal, and comes back to life, expires at once', async () => {
    const { cache, clock, calls } = world({ isTerminal, policies: [expiry({ maxAge: 500 })] })
    cache.start().getOrCreate('a', running())
    await clock.advance(600)
    cache.update('a', done())
    cache.update('a', running())
    await clock.advance(5000)
    expect(cache.getSnapshot('a').status).toBe('expired')
    expect(times(calls)).toEqual([0])
  })

  it('W3: an item that comes back to life before its maxAge expires then', async () => {
    const { cache, clock } = world({ isTerminal, policies: [expiry({ maxAge: 500 })] })
    cache.start().getOrCreate('a', done())
    await clock.advance(300)
    cache.update('a', running())
    await clock.advance(199)
    expect(cache.getSnapshot('a').status).toBe('active')
    await clock.advance(1)
    expect(cache.getSnapshot('a').status).toBe('expired')
  })
})

describe('the events of an update', () => {
  it('W3, events: an update to the very item that is there tells nothing, and is no change', async () => {
    const { cache, clock, events } = world()
    const item = cache.getOrCreate('a', running())
    const before = events.length
    await clock.advance(100)
    expect(cache.update('a', item)).toBe(true)
    expect(events.slice(before)).toEqual([])
    expect(cache.getSnapshot('a').changedAt).toBe(1_000_000)
  })

  it('W3, events: an update that brings an item back to life is an update, and nothing else', () => {
    const { cache, events } = world({ isTerminal })
    cache.start().getOrCreate('a', done())
    const before = events.length
    cache.update('a', running())
    expect(events.slice(before)).toEqual([{ type: 'updated', id: 'a', item: running() }])
  })

  it('W3, W12, events: one of an item that has expired is an update, and no second expiry', async () => {
    const { cache, clock, events } = world({ policies: [expiry({ maxAge: 500 })] })
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    const before = events.length
    cache.update('a', running(1))
    expect(events.slice(before)).toEqual([{ type: 'updated', id: 'a', item: running(1) }])
    expect(cache.getSnapshot('a').status).toBe('expired')
  })

  it('W3: an update that brings an item back to life after its maxAge expires it at once', async () => {
    const { cache, clock, calls } = world({ isTerminal, policies: [expiry({ maxAge: 500 })] })
    cache.start().getOrCreate('a', done())
    await clock.advance(500)
    cache.update('a', running())
    await clock.advance(0)
    expect(cache.getSnapshot('a').status).toBe('expired')
    expect(calls).toEqual([])
  })
})
