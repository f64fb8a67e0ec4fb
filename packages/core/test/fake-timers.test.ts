import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { running, unchanged, type Job } from './world.ts'

type Faked = 'setTimeout' | 'clearTimeout' | 'Date' | 'performance'

/** Globals that test runners replace: some leave `performance.now` alone, some `Date`, too. */
const runners: readonly (readonly [string, readonly Faked[]])[] = [
  ['everything', ['setTimeout', 'clearTimeout', 'Date', 'performance']],
  ['timers and Date', ['setTimeout', 'clearTimeout', 'Date']],
  ['timers alone', ['setTimeout', 'clearTimeout']],
]

afterEach(() => {
  vi.useRealTimers()
})

describe('the default clock under fake timers', () => {
  it.each(runners)('T2: %s faked: items are refreshed by their intervals', async (_, faked) => {
    vi.useFakeTimers({ toFake: [...faked] })
    let calls = 0
    const cache = new InMemoryAutoRefresh<Job>({
      interval: 10_000,
      random: () => 0,
      sync: (batch) => {
        calls += 1
        return unchanged(batch)
      },
    })
    cache.start().getOrCreate('a', running())
    await vi.advanceTimersByTimeAsync(0)
    expect(calls).toBe(1)
    await vi.advanceTimersByTimeAsync(35_000)
    expect(calls).toBe(4)
    await cache.stop()
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each(runners)('T2: %s faked: a call times out, and is retried', async (_, faked) => {
    vi.useFakeTimers({ toFake: [...faked] })
    const signals: AbortSignal[] = []
    const cache = new InMemoryAutoRefresh<Job>({
      interval: 10_000,
      timeout: 5000,
      random: () => 0,
      sync: (batch, { signal }) => {
        signals.push(signal)
        return signals.length === 1 ? new Promise(() => {}) : unchanged(batch)
      },
    })
    cache.start().getOrCreate('a', running())
    await vi.advanceTimersByTimeAsync(4000)
    expect(signals.map(({ aborted }) => aborted)).toEqual([false])
    await vi.advanceTimersByTimeAsync(1000)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
    await vi.advanceTimersByTimeAsync(1000)
    expect(signals).toHaveLength(2)
    expect(cache.getSnapshot('a').failureCount).toBe(0)
    await cache.stop()
  })

  it('T2, S1: an item that is created between two timers counts from that moment', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
    const start = performance.now()
    const calls: string[] = []
    const cache = new InMemoryAutoRefresh<Job>({
      interval: 10_000,
      jitter: 0,
      batchSize: 1,
      syncOnCreate: false,
      sync: (batch) => {
        calls.push(`${performance.now() - start} ${batch.map(({ id }) => id).join(' ')}`)
        return unchanged(batch)
      },
    })
    cache.start().getOrCreate('a', running())
    await vi.advanceTimersByTimeAsync(4000)
    cache.getOrCreate('b', running())
    await vi.advanceTimersByTimeAsync(15_000)
    expect(calls).toEqual(['10000 a', '14000 b'])
    await cache.stop()
  })
})
