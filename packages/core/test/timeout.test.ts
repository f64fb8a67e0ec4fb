import { customBatches, AutoRefreshError, type SyncResponse } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createAll, log, oneEach, outcomeOf, times, timesOf } from './scheduling.ts'
import { captureReports, running, unchanged, world, type Job } from './world.ts'

type Options = NonNullable<Parameters<typeof world<Job>>[0]>

/** A cache with one item in a call that waits. */
async function waiting(options: Options = {}) {
  const all = world({ timeout: 1000, answer: () => 'wait', ...options })
  all.cache.start().getOrCreate('a', running())
  await all.clock.advance(0)
  return all
}

describe('a call that has not settled after `timeout`', () => {
  it('T1: has its signal aborted then, and not before', async () => {
    const { clock, lastCall } = await waiting()
    const { signal } = lastCall()
    await clock.advance(999)
    expect(signal.aborted).toBe(false)
    await clock.advance(1)
    expect(signal.aborted).toBe(true)
  })

  it('T1: with a reason whose name is TimeoutError', async () => {
    const { clock, lastCall } = await waiting()
    const { signal } = lastCall()
    await clock.advance(1000)
    expect(signal.reason).toMatchObject({ name: 'TimeoutError' })
  })

  it('T1: also if the prototypes of errors are frozen', async () => {
    const { cache, clock, lastCall } = await waiting()
    const { signal } = lastCall()
    Reflect.defineProperty(Error.prototype, 'name', { writable: false })
    try {
      await clock.advance(1000)
    } finally {
      Reflect.defineProperty(Error.prototype, 'name', { writable: true })
    }
    expect(signal.reason).toMatchObject({ name: 'TimeoutError' })
    expect(cache.getSnapshot('a').error).toMatchObject({ code: 'TIMEOUT' })
  })

  it('T1: the signal tells its listeners', async () => {
    const { clock, lastCall } = await waiting()
    let told = 0
    lastCall().signal.addEventListener('abort', () => (told += 1))
    await clock.advance(5000)
    expect(told).toBe(1)
  })

  it('T1: the signal of a call is one, however often it is read', async () => {
    const { clock, lastCall } = await waiting()
    const { signal } = lastCall()
    expect(lastCall().signal).toBe(signal)
    await clock.advance(5000)
    expect(signal.aborted).toBe(true)
  })

  it('T1: a signal that is first read after the timeout is aborted by it', async () => {
    const { clock, calls } = await waiting()
    await clock.advance(1000)
    expect(calls[0]?.signal.aborted).toBe(true)
    expect(calls[0]?.signal.reason).toMatchObject({ name: 'TimeoutError' })
  })

  it('T1: fails: its items get an AutoRefreshError TIMEOUT', async () => {
    const { cache, clock } = await waiting()
    await clock.advance(1000)
    const { error, failureCount, item } = cache.getSnapshot('a')
    expect(error).toBeInstanceOf(AutoRefreshError)
    expect(error).toMatchObject({ code: 'TIMEOUT' })
    expect(failureCount).toBe(1)
    expect(item).toEqual(running())
  })

  it('T1: is counted and told as a failed call', async () => {
    const { cache, clock, events } = await waiting()
    await clock.advance(1000)
    expect(cache.stats().syncErrors).toBe(1)
    expect(events.find(({ type }) => type === 'sync-settled')).toMatchObject({
      ids: ['a'],
      duration: 1000,
      error: { code: 'TIMEOUT' },
    })
  })

  it('T1: the default is 30,000 ms', async () => {
    const { clock, lastCall } = await waiting({ timeout: undefined })
    const { signal } = lastCall()
    await clock.advance(29_999)
    expect(signal.aborted).toBe(false)
    await clock.advance(1)
    expect(signal.aborted).toBe(true)
  })

  it('T1: with Infinity it may take for ever', async () => {
    const { cache, clock, lastCall } = await waiting({ timeout: Infinity })
    await clock.advance(1e9)
    expect(lastCall().signal.aborted).toBe(false)
    expect(cache.getSnapshot('a')).toMatchObject({ isRefreshing: true, failureCount: 0 })
    expect(clock.timers).toBe(0)
  })

  it('T1: the time runs from the start of the call, not from when its items fell due', async () => {
    const { cache, clock, calls } = await waiting({ concurrency: 1 })
    cache.getOrCreate('b', running())
    await clock.advance(900)
    calls[0]?.answer([{ id: 'a', action: 'delete' }])
    await clock.advance(999)
    const second = calls[1]
    expect(second?.at).toBe(900)
    expect(second?.signal.aborted).toBe(false)
    await clock.advance(1)
    expect(second?.signal.aborted).toBe(true)
  })

  it('T1: each call has its own', async () => {
    const { cache, clock, calls } = await waiting()
    await clock.advance(400)
    cache.getOrCreate('b', running())
    await clock.advance(600)
    expect(calls.map(({ signal }) => signal.aborted)).toEqual([true, false])
    await clock.advance(400)
    expect(calls.map(({ signal }) => signal.aborted)).toEqual([true, true])
  })

  it('T1: a call that settles in time is not aborted later', async () => {
    const { clock, lastCall } = await waiting({ interval: Infinity })
    const { signal } = lastCall()
    await clock.advance(999)
    lastCall().answer([])
    await clock.advance(100_000)
    expect(signal.aborted).toBe(false)
  })

  it('T1: a call that failed is not aborted later', async () => {
    const { clock, calls } = await waiting()
    const signal = calls[0]?.signal
    calls[0]?.fail(new Error('down'))
    await clock.advance(100_000)
    expect(signal?.aborted).toBe(false)
  })
})

describe('its slot', () => {
  it('T1: is free at once', async () => {
    const { cache, clock, calls } = await waiting({ concurrency: 1 })
    cache.getOrCreate('b', running())
    await clock.advance(1000)
    expect(log(calls)).toEqual(['0 a', '1000 b'])
    expect(cache.stats().runningCalls).toBe(1)
  })

  it('T1: a call that hangs for ever does not stop the others', async () => {
    const { cache, clock, calls } = await waiting({
      concurrency: 1,
      policies: [customBatches(oneEach)],
      answer: (batch, call) => (call.ids.includes('a') ? 'wait' : unchanged(batch)),
    })
    cache.getOrCreate('b', running())
    await clock.advance(60_000)
    expect(timesOf(calls, 'b').length).toBeGreaterThan(20)
  })

  it('T1: a late answer frees no slot of another call', async () => {
    const { cache, clock, calls } = await waiting({ concurrency: 1, policies: [customBatches(oneEach)] })
    createAll(cache, ['b', 'c'])
    await clock.advance(1000)
    expect(times(calls)).toEqual([0, 1000])
    calls[0]?.answer([])
    await clock.advance(999)
    expect(times(calls)).toEqual([0, 1000])
    await clock.advance(1)
    expect(calls).toHaveLength(3)
  })

  it('T1: a late failure frees no slot of another call either', async () => {
    const { cache, clock, calls } = await waiting({ concurrency: 1, policies: [customBatches(oneEach)] })
    createAll(cache, ['b', 'c'])
    await clock.advance(1000)
    calls[0]?.fail(new Error('late'))
    await clock.advance(500)
    expect(times(calls)).toEqual([0, 1000])
  })

  it('T1: all slots hang, all come free', async () => {
    const { cache, clock, calls } = await waiting({ concurrency: 3, batchSize: 1 })
    createAll(cache, ['b', 'c', 'd'])
    await clock.advance(999)
    expect(calls).toHaveLength(3)
    expect(cache.stats().runningCalls).toBe(3)
    await clock.advance(1)
    expect(cache.stats().runningCalls).toBeLessThanOrEqual(1)
    expect(cache.getSnapshot('a').failureCount).toBe(1)
  })
})

describe('late results and errors', () => {
  it('T1: is ignored: a value', async () => {
    const { cache, clock, calls } = await waiting()
    await clock.advance(1000)
    calls[0]?.answer([{ id: 'a', item: running(9) }])
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({
      item: running(0),
      failureCount: 1,
      refreshedAt: undefined,
    })
  })

  it('T1: is ignored: a deletion', async () => {
    const { cache, clock, calls } = await waiting({ missing: 'delete' })
    await clock.advance(1000)
    calls[0]?.answer([{ id: 'a', action: 'delete' }])
    await clock.advance(0)
    expect(cache.has('a')).toBe(true)
  })

  it('T1: is ignored: an error, which is reported to nobody', async () => {
    const captured = captureReports()
    try {
      const { cache, clock, calls, events } = await waiting()
      await clock.advance(1000)
      const before = events.length
      calls[0]?.fail(new Error('late'))
      await clock.advance(0)
      expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 1, error: { code: 'TIMEOUT' } })
      expect(events).toHaveLength(before)
      expect(captured.reports).toEqual([])
    } finally {
      captured.restore()
    }
  })

  it('T1: is ignored: the abort of a fetch that follows the signal is no second failure', async () => {
    const { cache, clock, events } = await waiting({
      answer: (_, call) =>
        new Promise((_resolve, reject) => {
          const { signal } = call
          signal.addEventListener('abort', () => reject(signal.reason))
        }),
    })
    await clock.advance(1500)
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 1, error: { code: 'TIMEOUT' } })
    expect(events.filter(({ type }) => type === 'sync-settled')).toHaveLength(1)
  })

  it('T1: it does not settle the next call of the same id', async () => {
    const { cache, clock, calls } = await waiting()
    await clock.advance(1000)
    const outcome = outcomeOf(cache.refresh('a'))
    await clock.advance(0)
    expect(calls).toHaveLength(2)
    calls[0]?.answer([{ id: 'a', item: running(9) }])
    await clock.advance(0)
    expect(outcome.state).toBe('pending')
    expect(cache.getSnapshot('a')).toMatchObject({ isRefreshing: true, item: running(0) })
    calls[1]?.answer([{ id: 'a', item: running(1) }])
    await clock.advance(0)
    expect(outcome.state).toBe('resolved')
    expect(cache.get('a')).toEqual(running(1))
  })

  it('T1: its responses are not even read', async () => {
    const { clock, calls } = await waiting()
    await clock.advance(1000)
    const read: unknown[] = []
    const responses: SyncResponse<Job>[] = [{ id: 'a', item: running(9) }]
    calls[0]?.answer(
      new Proxy(responses, {
        get(target, key) {
          // A promise looks for it in everything that it is resolved with.
          if (key !== 'then') read.push(key)
          return Reflect.get(target, key) as unknown
        },
      }),
    )
    await clock.advance(0)
    expect(read).toEqual([])
  })

  it('T1: a call that answers at the last moment is in time', async () => {
    const { cache, clock, calls } = await waiting()
    await clock.advance(999)
    calls[0]?.answer([{ id: 'a', item: running(9) }])
    await clock.advance(1)
    expect(cache.getSnapshot('a')).toMatchObject({ item: running(9), failureCount: 0 })
  })

  it('T1, F9: an item that was alone in the call is retried like any that failed alone', async () => {
    const { clock, calls } = await waiting()
    await clock.advance(10_000)
    expect(times(calls).slice(0, 3)).toEqual([0, 2000, 5000])
  })

  it('T1, F5: several items of a call that times out are retried together after one retry delay', async () => {
    const { cache, clock, calls } = world({ timeout: 1000, answer: () => 'wait' })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(3999)
    expect(log(calls)).toEqual(['0 a b', '2000 a b'])
  })
})
