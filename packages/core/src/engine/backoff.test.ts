import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { probeDelay, probeLimit, refreshDelay, retryDelay, splitLimit } from './next-delay.ts'

const interval = fc.double({ min: 1, max: 1e7, noNaN: true })
const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const backoff = fc.record({
  factor: fc.double({ min: 1, max: 10, noNaN: true }),
  maxDelay: fc.double({ min: 1, max: 1e7, noNaN: true }),
  jitter: fc.double({ min: 0, max: 1, noNaN: true }),
})
const failures = fc.integer({ min: 1, max: 1_000_000 })

describe('delays', () => {
  it('S5: a refresh comes after one interval, and up to `jitter` of it more', () => {
    fc.assert(
      fc.property(interval, draw, draw, (ms, jitter, drawn) => {
        const delay = refreshDelay(ms, jitter, drawn)
        expect(delay).toBeGreaterThanOrEqual(ms)
        expect(delay).toBeLessThanOrEqual(ms * (1 + jitter))
      }),
    )
  })

  it('F2: a retry never comes before the interval, nor later than its longest delay and the jitter', () => {
    fc.assert(
      fc.property(interval, failures, backoff, draw, (ms, count, options, drawn) => {
        const delay = retryDelay(ms, count, options, drawn)
        expect(delay).toBeGreaterThanOrEqual(ms)
        expect(delay).toBeLessThanOrEqual(Math.max(options.maxDelay, ms) * (1 + options.jitter))
      }),
    )
  })

  it('F2: one more failure never makes the delay shorter', () => {
    fc.assert(
      fc.property(interval, failures, backoff, (ms, count, options) => {
        expect(retryDelay(ms, count + 1, options, 0)).toBeGreaterThanOrEqual(
          retryDelay(ms, count, options, 0),
        )
      }),
    )
  })

  it('F6: probes are further apart the more of them failed, up to the longest delay', () => {
    const options = { factor: 2, maxDelay: 10_000, jitter: 0 }
    const delays = [0, 1, 2, 3, 4, 5].map((failed) => probeDelay(1000, failed, options))
    expect(delays).toEqual([1000, 1000, 2000, 4000, 8000, 10_000])
    expect(probeDelay(1000, 1_000_000, options)).toBe(10_000)
  })

  it('F5: halving ends at one, after as many rounds as the logarithm of the size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (size) => {
        let rounds = 0
        for (let left = size; left > 1; left = splitLimit(left)) rounds++
        expect(rounds).toBe(Math.ceil(Math.log2(size)))
      }),
    )
  })

  it('F6: a probe has at most half of what failed, and at least one', () => {
    expect([1, 2, 3, 100].map(probeLimit)).toEqual([1, 1, 1, 50])
  })
})
