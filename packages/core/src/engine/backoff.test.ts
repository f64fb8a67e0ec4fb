import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isolationDelay, itemFailureDelay, refreshDue, retryDelayOf, spread } from './backoff.ts'

const interval = fc.oneof(fc.double({ min: 1, max: 1e7, noNaN: true }), fc.constant(Infinity))
const finite = fc.double({ min: 1, max: 1e7, noNaN: true })
const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const backoff = fc.record({
  factor: fc.double({ min: 1, max: 10, noNaN: true }),
  maxDelay: fc.double({ min: 1, max: 1e7, noNaN: true }),
  jitter: fc.double({ min: 0, max: 1, noNaN: true }),
})
const failures = fc.integer({ min: 1, max: 1_000_000 })

describe('delays', () => {
  it('S17: a refresh comes after one interval, and up to `jitter` of it more', () => {
    fc.assert(
      fc.property(finite, finite, draw, draw, (at, ms, jitter, drawn) => {
        const due = refreshDue(at, ms, jitter, drawn)
        expect(due).toBeGreaterThanOrEqual(at + ms)
        expect(due).toBeLessThanOrEqual(at + ms * (1 + jitter * drawn))
      }),
    )
  })

  it('S17: without `jitter`, or if nothing is drawn of it, a refresh comes after exactly one interval', () => {
    fc.assert(
      fc.property(finite, finite, draw, (at, ms, share) => {
        expect(refreshDue(at, ms, 0, share)).toBe(at + ms)
        expect(refreshDue(at, ms, share, 0)).toBe(at + ms)
        expect(refreshDue(at, Infinity, share, share)).toBe(Infinity)
      }),
    )
  })

  it('S17: items of different intervals share due times within their jitter', () => {
    const dues = Array.from({ length: 1000 }, (_, index) => refreshDue(index, 30_000 + 7 * index, 0.1, 0.99))
    expect(new Set(dues).size).toBeLessThan(30)
  })

  it('S17: one that comes to exactly one interval by the rounding comes then', () => {
    // A quarter of the jitter is 25.6 ms, so it is rounded down to a multiple of 16 ms.
    expect(refreshDue(0, 1024, 0.1, 0.05)).toBe(1024)
    expect(refreshDue(0, 1024, 0.1, 0.2)).toBe(1040)
  })

  it('F2: the first item failure delays by the interval, at most by maxDelay', () => {
    fc.assert(
      fc.property(interval, backoff, (ms, options) => {
        expect(itemFailureDelay(ms, 1, options)).toBe(Math.min(ms, options.maxDelay))
      }),
    )
  })

  it('F2: n item failures delay by b × factor^(n−1), at most by maxDelay or a longer, finite interval', () => {
    const options = { factor: 2, maxDelay: 10_000, jitter: 0 }
    const delays = (ms: number) => [1, 2, 3, 4, 5, 6].map((count) => itemFailureDelay(ms, count, options))
    expect(delays(1000)).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000])
    expect(delays(30_000)).toEqual([10_000, 20_000, 30_000, 30_000, 30_000, 30_000])
    expect(delays(Infinity)).toEqual([10_000, 10_000, 10_000, 10_000, 10_000, 10_000])
  })

  it('F9: an isolated item is delayed by retry delay × factor^(n−1), at most as in F2', () => {
    const options = { factor: 2, maxDelay: 10_000, jitter: 0 }
    const delays = (ms: number) => [1, 2, 3, 4, 5, 6].map((count) => isolationDelay(1000, count, ms, options))
    expect(delays(5000)).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000])
    expect(delays(20_000)).toEqual([1000, 2000, 4000, 8000, 16_000, 20_000])
    expect(delays(Infinity)).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000])
  })

  it('F2, F9: one more failure never makes a delay shorter, and no delay is endless', () => {
    fc.assert(
      fc.property(interval, failures, backoff, (ms, count, options) => {
        const delay = itemFailureDelay(ms, count, options)
        expect(itemFailureDelay(ms, count + 1, options)).toBeGreaterThanOrEqual(delay)
        expect(delay).toBeLessThan(Infinity)
        const alone = isolationDelay(1000, count, ms, options)
        expect(isolationDelay(1000, count + 1, ms, options)).toBeGreaterThanOrEqual(alone)
        expect(alone).toBeLessThan(Infinity)
      }),
    )
  })

  it('F16: the random factor is from 1 to 1 + jitter', () => {
    fc.assert(
      fc.property(backoff, draw, (options, drawn) => {
        expect(spread(options, drawn)).toBeGreaterThanOrEqual(1)
        expect(spread(options, drawn)).toBeLessThanOrEqual(1 + options.jitter)
      }),
    )
    expect(spread({ factor: 2, maxDelay: 1000, jitter: 0.25 }, 0.5)).toBe(1.125)
  })

  it('F5: the retry delay is 1 s, or the smallest interval in the failed call', () => {
    const of = (...intervals: number[]) => retryDelayOf(intervals.map((ms) => ({ interval: ms })))
    expect(of(5000, 60_000)).toBe(1000)
    expect(of(5000, 300, 700)).toBe(300)
    expect(of(Infinity)).toBe(1000)
    // 0 is the interval of an item that was not asked for its interval yet.
    expect(of(0)).toBe(1000)
    expect(of(0, 400)).toBe(400)
  })
})
