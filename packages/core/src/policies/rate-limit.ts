import type { Policy } from '../engine/policy.ts'
import { checkNumber, checkType } from '../engine/check.ts'

/** Limits how fast sync calls start. */
export interface RateLimitOptions {
  /** Number of calls per `per` ms; above 0. */
  readonly calls: number
  /** ms; above 0. */
  readonly per: number
  /** Maximum calls at once after a quiet time. At least 1. @default calls */
  readonly burst?: number | undefined
}

/**
 * Limits how fast sync calls start, by a token bucket; also those that were asked for (S4).
 *
 * ```ts
 * new InMemoryAutoRefresh({ sync, interval: 2000, policies: [rateLimit({ calls: 10, per: 1000 })] })
 * ```
 *
 * @throws {TypeError | RangeError} if a number is missing or out of its range
 */
export function rateLimit(options: RateLimitOptions): Policy {
  checkType('rateLimit', options, 'object')
  const { calls, per } = options
  const isRate = (value: number): boolean => value > 0 && value < Infinity
  checkNumber('rateLimit.calls', calls, 'finite and > 0', isRate)
  checkNumber('rateLimit.per', per, 'finite and > 0', isRate)
  const burst = options.burst ?? Math.max(1, calls)
  checkNumber('rateLimit.burst', burst, '≥ 1', (value) => value >= 1)
  const rate = calls / per
  return () => {
    let tokens = burst
    let countedAt: number | undefined
    const count = (now: number): number =>
      countedAt === undefined ? tokens : Math.min(burst, tokens + (now - countedAt) * rate)
    return {
      startAt(now) {
        return now + Math.max(0, 1 - count(now)) / rate
      },
      callStarted(now) {
        tokens = count(now) - 1
        countedAt = now
      },
    }
  }
}
