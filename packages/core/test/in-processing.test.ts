import { expiry, rateLimit } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { isTerminal, done, running, unchanged, world } from './world.ts'

const nothing = (): void => {}

describe('inProcessing', () => {
  it('C2: false of an absent id', () => {
    expect(world().cache.start().inProcessing('a')).toBe(false)
  })

  it('C2: true of a new item that waits for its call, at once', () => {
    const { cache } = world()
    cache.start().getOrCreate('a', running())
    expect(cache.inProcessing('a')).toBe(true)
  })

  it('C2, D1: true as long as the call runs, and not longer', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    for (let waited = 0; waited < 5000; waited += 500) {
      await clock.advance(500)
      expect(cache.inProcessing('a')).toBe(true)
    }
    lastCall().answer([])
    await clock.advance(0)
    expect(cache.inProcessing('a')).toBe(false)
  })

  it('C2, D1: true within the sync function, in all of it', async () => {
    const seen: boolean[] = []
    const { cache, clock } = world({
      answer: async (batch) => {
        seen.push(cache.inProcessing('a'))
        await Promise.resolve()
        seen.push(cache.inProcessing('a'))
        return unchanged(batch)
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(seen).toEqual([true, true])
  })

  it('C2, D1: while it is true because of a call, no second call of the item starts', async () => {
    const { cache, clock, calls } = world({ interval: 10, timeout: Infinity, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    expect(cache.inProcessing('a')).toBe(true)
    expect(calls).toHaveLength(1)
  })

  it('C2: false while the item waits for its due time, true when that comes', async () => {
    const { cache, clock, calls } = world({
      answer: (batch, call) => (call.at < 1000 ? unchanged(batch) : 'wait'),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(cache.inProcessing('a')).toBe(false)
    await clock.advance(999)
    expect(cache.inProcessing('a')).toBe(false)
    await clock.advance(1)
    expect(cache.inProcessing('a')).toBe(true)
    expect(calls).toHaveLength(2)
  })

  it('C2: true of an item that is due and waits for a slot', async () => {
    const { cache, clock, calls } = world({ concurrency: 1, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.getOrCreate('b', running())
    await clock.advance(100)
    expect(calls).toHaveLength(1)
    expect(cache.inProcessing('b')).toBe(true)
    calls[0]?.answer([])
    await clock.advance(0)
    expect([cache.inProcessing('a'), cache.inProcessing('b')]).toEqual([false, true])
    calls[1]?.answer([])
    await clock.advance(0)
    expect(cache.inProcessing('b')).toBe(false)
  })

  it('C2: true of an item that is due and waits for a token of the rate limit', async () => {
    const { cache, clock, calls } = world({ batchSize: 1, policies: [rateLimit({ calls: 1, per: 500 })] })
    cache.start()
    cache.getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(499)
    expect(calls).toHaveLength(1)
    const [first = ''] = calls[0]?.ids ?? []
    expect(cache.inProcessing(first)).toBe(false)
    expect(cache.inProcessing(first === 'a' ? 'b' : 'a')).toBe(true)
    await clock.advance(1)
    expect(calls).toHaveLength(2)
    expect([cache.inProcessing('a'), cache.inProcessing('b')]).toEqual([false, false])
  })

  it('C2: true of an item that came early along in a call', async () => {
    const { cache, clock, lastCall } = world({
      answer: (batch, call) => (call.at < 1000 ? unchanged(batch) : 'wait'),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(300)
    cache.getOrCreate('b', running())
    await clock.advance(700)
    expect(lastCall().ids).toEqual(['a', 'b'])
    expect(cache.inProcessing('b')).toBe(true)
  })

  it('C2: true of an item that is due while the page is hidden, and waits until it is shown', async () => {
    const { cache, clock, calls, environment } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    environment.setVisible(false)
    await clock.advance(499)
    expect(cache.inProcessing('a')).toBe(false)
    await clock.advance(501)
    expect(calls).toHaveLength(1)
    expect(cache.inProcessing('a')).toBe(true)
  })

  it('C2: true of a new item that waits in its batchWindow', async () => {
    const { cache, clock, calls } = world({ batchWindow: 100 })
    cache.start().getOrCreate('a', running())
    await clock.advance(50)
    expect(calls).toEqual([])
    expect(cache.inProcessing('a')).toBe(true)
  })

  it('C2: true after refresh asked for the item', async () => {
    const { cache, clock } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    const refreshed = cache.refresh('a')
    expect(cache.inProcessing('a')).toBe(true)
    await refreshed
    expect(cache.inProcessing('a')).toBe(false)
  })

  it('C2: false of an item that waits after a failure', async () => {
    const { cache, clock } = world({
      answer: (batch) => batch.map(({ id }) => ({ id, action: 'fail', error: 1 })),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    expect(cache.getSnapshot('a').failureCount).toBe(1)
    expect(cache.inProcessing('a')).toBe(false)
  })

  it('C2: false after a timeout, though the sync function still runs', async () => {
    const { cache, clock } = world({ timeout: 100, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(99)
    expect(cache.inProcessing('a')).toBe(true)
    await clock.advance(1)
    expect(cache.inProcessing('a')).toBe(false)
  })

  it('C2: false of items that are never due', async () => {
    const { cache, clock } = world({ isTerminal, policies: [expiry({ maxAge: 100 })] })
    cache.start()
    cache.getOrCreate('terminal', done())
    cache.subscribe('unobserved', nothing, { initialItem: running() })()
    expect(cache.inProcessing('terminal')).toBe(false)
    expect(cache.inProcessing('unobserved')).toBe(false)
    expect(cache.has('unobserved')).toBe(true)
    cache.getOrCreate('expires', running())
    await clock.advance(100)
    expect(cache.inProcessing('expires')).toBe(false)
  })

  it('C2: false as soon as the item is terminal, though it was due', () => {
    const { cache } = world({ isTerminal })
    cache.start().getOrCreate('a', running())
    cache.update('a', done())
    expect(cache.inProcessing('a')).toBe(false)
  })

  it('C2: false without syncOnCreate until the first interval has passed', async () => {
    const { cache, clock } = world({ syncOnCreate: false, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(999)
    expect(cache.inProcessing('a')).toBe(false)
    await clock.advance(1)
    expect(cache.inProcessing('a')).toBe(true)
  })

  it('C2: false of an item that was deleted in its call; true of the next generation, which waits for that call', async () => {
    const { cache, clock, calls } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.delete('a')
    expect(cache.inProcessing('a')).toBe(false)
    cache.getOrCreate('a', running(1))
    await clock.advance(0)
    expect(calls).toHaveLength(1)
    expect(cache.inProcessing('a')).toBe(true)
  })

  it('C2: false while the cache is not running: before start, in stop, and after it', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    cache.getOrCreate('a', running())
    await clock.advance(5000)
    expect(cache.inProcessing('a')).toBe(false)
    cache.start()
    expect(cache.inProcessing('a')).toBe(true)
    await clock.advance(0)
    const stopped = cache.stop()
    expect(cache.inProcessing('a')).toBe(false)
    lastCall().answer([])
    await stopped
    await clock.advance(5000)
    expect(cache.inProcessing('a')).toBe(false)
    cache.start()
    expect(cache.inProcessing('a')).toBe(true)
  })

  it('C2: false in sync-settled, true in sync-started', async () => {
    const seen: [string, boolean][] = []
    const { cache, clock } = world()
    cache.onEvent((event) => {
      if (event.type === 'sync-started' || event.type === 'sync-settled') {
        seen.push([event.type, cache.inProcessing('a')])
      }
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(seen).toEqual([
      ['sync-started', true],
      ['sync-settled', false],
    ])
  })
})
