import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Limiter } from './limiter.ts'

describe('slots and tokens', () => {
  it('S4: in no window do more calls start than the burst and the rate allow', () => {
    const limits = fc.record({
      calls: fc.integer({ min: 1, max: 20 }),
      per: fc.integer({ min: 1, max: 10_000 }),
      burst: fc.integer({ min: 1, max: 20 }),
    })
    const waits = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 100 })
    fc.assert(
      fc.property(limits, waits, (rateLimit, gaps) => {
        const limiter = new Limiter(Infinity, rateLimit)
        const starts: number[] = []
        let now = 0
        for (const gap of gaps) {
          now = Math.max(now + gap, Math.ceil(limiter.tokenAt(now + gap)))
          expect(limiter.tokenAt(now)).toBe(now)
          limiter.start(now)
          starts.push(now)
        }
        for (const [first, from] of starts.entries()) {
          for (let last = first; last < starts.length; last++) {
            const window = (starts[last] ?? 0) - from
            const allowed = rateLimit.burst + (window * rateLimit.calls) / rateLimit.per
            expect(last - first + 1).toBeLessThanOrEqual(allowed + 1e-6)
          }
        }
      }),
    )
  })

  it('S4: a silence earns no more than the burst', () => {
    const limiter = new Limiter(Infinity, { calls: 1, per: 1000, burst: 2 })
    limiter.start(0)
    limiter.start(1_000_000)
    limiter.start(1_000_000)
    expect(limiter.tokenAt(1_000_000)).toBe(1_001_000)
  })

  it('S4: a slot is taken by a start and given back by an end', () => {
    const limiter = new Limiter(2, undefined)
    limiter.start(0)
    expect(limiter.hasSlot).toBe(true)
    limiter.start(0)
    expect(limiter.hasSlot).toBe(false)
    limiter.end()
    expect(limiter.hasSlot).toBe(true)
    expect(limiter.tokenAt(5)).toBe(5)
  })
})
