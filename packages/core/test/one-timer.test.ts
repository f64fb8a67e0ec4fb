import { expiry, rateLimit } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { describe, expect, it } from 'vitest'
import { CountingClock } from './scheduling.ts'
import { settlementOf } from './settlement.ts'
import { done, isTerminal, running, stepped, world } from './world.ts'

describe('timers', () => {
  it('L5: a cache that was never started holds none, whatever is done to it', async () => {
    const { cache, clock } = world({
      isTerminal,
      policies: [expiry({ maxAge: 500, terminalTtl: 500 })],
      gcTime: 500,
      batchWindow: 50,
    })
    cache.getOrCreate('a', running())
    cache.getOrCreate('b', done())
    cache.subscribe('a', () => {})
    cache.update('a', running(1))
    cache.deleteDelayed('a')
    cache.ingest([{ id: 'a', item: running(2) }])
    cache.refresh('b').catch(() => {})
    await clock.advance(0)
    expect(clock.timers).toBe(0)
  })

  it('L5: a stopped cache holds none, whatever is done to it', async () => {
    const { cache, clock } = world({
      isTerminal,
      policies: [expiry({ maxAge: 500, terminalTtl: 500 })],
      gcTime: 500,
      batchWindow: 50,
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    await cache.stop()
    cache.getOrCreate('b', running())
    cache.update('a', done())
    cache.subscribe('b', () => {})()
    cache.subscribe('c', () => {}, { initialItem: running() })()
    cache.deleteDelayed('b')
    cache.ingest([{ id: 'b', action: 'unchanged' }])
    await clock.advance(0)
    expect(clock.timers).toBe(0)
  })

  it('L5: a running cache with nothing in it holds none', async () => {
    const { cache, clock } = world()
    cache.start()
    await clock.advance(0)
    expect(clock.timers).toBe(0)
  })

  it('L5: a running cache of terminal items only holds none', async () => {
    const { cache, clock } = world({ isTerminal })
    cache.start().getOrCreate('a', done())
    await clock.advance(0)
    expect(clock.timers).toBe(0)
  })

  it('L5: a running cache of terminal items holds none with a maxAge either, which does not concern them', async () => {
    const { cache, clock } = world({ isTerminal, policies: [expiry({ maxAge: 5000 })] })
    cache.start().getOrCreate('a', done())
    await clock.advance(0)
    expect(clock.timers).toBe(0)
  })

  it('L5: a running cache of expired items only holds none', async () => {
    const { cache, clock } = world({ policies: [expiry({ maxAge: 500 })] })
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    expect(cache.getSnapshot('a').status).toBe('expired')
    expect(clock.timers).toBe(0)
  })

  it('L5: a running cache of observed items with gcTime, and no interval, holds none', async () => {
    const { cache, clock } = world({ interval: Infinity, gcTime: 500, answer: stepped })
    cache.start().subscribe('a', () => {}, { create: true })
    await clock.advance(600)
    expect(cache.has('a')).toBe(true)
    expect(clock.timers).toBe(0)
  })

  it('L5: it holds none when the only interval is Infinity, and one more refresh changes nothing', async () => {
    const { cache, clock } = world({ interval: Infinity })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(clock.timers).toBe(0)
    await cache.refresh('a')
    await clock.advance(0)
    expect(clock.timers).toBe(0)
  })

  it('L5: it holds none while all that runs is a call without a timeout', async () => {
    const { cache, clock, calls } = world({ timeout: Infinity, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(calls).toHaveLength(1)
    expect(clock.timers).toBe(0)
  })

  it('L5: it holds none when the last item was deleted', async () => {
    const { cache, clock } = world({ policies: [expiry({ maxAge: 50_000 })] })
    cache.start().getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(100)
    expect(clock.timers).toBe(1)
    cache.delete('a')
    cache.delete('b')
    await clock.advance(0)
    expect(clock.timers).toBe(0)
  })

  it('L5: it holds none when the last item became terminal', async () => {
    const { cache, clock } = world({ isTerminal })
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    cache.update('a', done())
    await clock.advance(0)
    expect(clock.timers).toBe(0)
  })

  it('L5: a running cache holds one at most, whatever it has to do', async () => {
    const clock = new CountingClock()
    const { cache } = world({
      clock,
      isTerminal,
      interval: (_, id) => 100 + 37 * id.length,
      policies: [expiry({ maxAge: 2500, terminalTtl: 700 }), rateLimit({ calls: 5, per: 100 })],
      gcTime: 4000,
      timeout: 300,
      batchWindow: 20,
      batchSize: 3,
      answer: (batch, call) => {
        if (call.at % 5 === 0) return 'wait'
        if (call.at % 7 === 0) throw new Error('now and then')
        return stepped(batch)
      },
    })
    cache.start()
    for (let step = 0; step < 60; step++) {
      const id = 'x'.repeat(1 + (step % 11))
      cache.getOrCreate(id, running())
      if (step % 4 === 0) cache.update(id, done())
      if (step % 6 === 0) cache.deleteDelayed(id)
      if (step % 9 === 0) cache.subscribe(id, () => {})
      if (step % 5 === 0) cache.subscribe(`${id}s`, () => {}, { create: true })()
      await clock.advance(73)
    }
    expect(clock.most).toBe(1)
  })

  it('L5: while stop waits there is one at most, and none when it has waited', async () => {
    const clock = new CountingClock()
    const { cache } = world({ clock, timeout: 5000, batchSize: 1, answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(100)
    cache.getOrCreate('c', running())
    await clock.advance(100)
    const stopped = settlementOf(cache.stop())
    void cache.stop()
    expect(clock.timers).toBe(1)
    await clock.advance(4900)
    expect(stopped.now).toBeUndefined()
    expect(clock.timers).toBe(0)
    expect(clock.most).toBe(1)
  })

  it('L5: an abort that nobody waits for leaves no timer once its calls have settled', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    const controller = new AbortController()
    cache.start({ signal: controller.signal }).getOrCreate('a', running())
    await clock.advance(0)
    controller.abort()
    lastCall().answer([])
    await clock.advance(0)
    expect(clock.timers).toBe(0)
  })

  it('L5: several starts and stops leave one timer', async () => {
    const { cache, clock } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(100)
    for (let round = 0; round < 5; round++) {
      void cache.stop()
      cache.start()
    }
    await clock.advance(0)
    expect(clock.timers).toBe(1)
  })

  it('L5: it clears only the timer that it holds, and none that has fired', async () => {
    const clock = new VirtualClock(1_000_000)
    const held = new Set<unknown>()
    const cleared: boolean[] = []
    const { cache } = world({
      clock: {
        now: () => clock.now(),
        epoch: () => clock.epoch(),
        setTimeout: (callback, delay) => {
          const handle = clock.setTimeout(() => {
            held.delete(handle)
            callback()
          }, delay)
          held.add(handle)
          return handle
        },
        clearTimeout: (handle) => {
          cleared.push(held.delete(handle))
          clock.clearTimeout(handle)
        },
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(2500)
    cache.delete('a')
    await cache.stop()
    await clock.advance(0)
    expect(cleared.length).toBeGreaterThan(0)
    expect(cleared).not.toContain(false)
    expect(clock.timers).toBe(0)
  })
})
