import type { Entry } from './entry.ts'
import type { RetryGroup } from './queue/due-group.ts'

/** The state of the source (F6, F10 to F12). Times are on the cache's clock. */
export interface CircuitBreaker<Item> {
  /** Number of failed calls since the last success. */
  failedCalls: number
  /** Time of the last success, else of the start. */
  successTime: number
  failureTime: number
  /** Number of settled calls, and what it was when a call of healthy items last succeeded. */
  settledCalls: number
  healthyAt: number
  /** Number of failed calls since the last success, of items that began to fail after `healthyAt`. */
  suspectCalls: number
  /** Number of failed retry calls since a retry call succeeded. */
  failedRetries: number
  /** Nothing succeeds. */
  isOpen: boolean
  /** Retries are single probes. It can outlast `isOpen`. */
  isHalfOpen: boolean
  /** Enough has failed to tell of an outage, and nothing has succeeded since (F12). */
  isConfirmed: boolean
  /** The application was told of an outage. */
  isOutage: boolean
  /** ms; the first pause between probes, and the present one. */
  basePause: number
  pause: number
  /** A call succeeded since the last failed one: the pause does not grow at the next. */
  isPauseReset: boolean
  /** When the last retry call of the half-open state ended, and the earliest time of the next probe. */
  retryEnd: number
  probeTime: number
  /** True if the next probe is of an isolated item, if there is one. */
  prefersIsolated: boolean
  /** Time before which no retry starts (T3). */
  retriesFrom: number
  /** Number of calls that had started at the last return (T8). */
  callsAtReturn: number
  /** No call has succeeded since the last return. */
  isReturning: boolean
  /** The error of the last call; undefined after one that succeeded. */
  lastError: unknown
  /** Epoch ms. */
  lastSuccessAt: number | undefined
  /** The group of the batch that failed last. */
  lastGroup: RetryGroup<Entry<Item>> | undefined
  /** The source asked for a pause by `retryAfter`. */
  holdOff: HoldOff | undefined
}

/** The pause that a thrown `retryAfter` asks of the whole cache (F8). Times are on the cache's clock. */
export interface HoldOff {
  /** Calls after this one end it by a success: the last that had started when it began; 0: any does (F20). */
  readonly after: number
  /** Nothing but trials starts by the clock before. */
  readonly end: number
  /** Earliest time of the next trial of a single item. */
  trialTime: number
}

/** A breaker that is closed. */
export function newBreaker<Item>(): CircuitBreaker<Item> {
  return {
    failedCalls: 0,
    successTime: -Infinity,
    failureTime: -Infinity,
    settledCalls: 0,
    healthyAt: 0,
    suspectCalls: 0,
    failedRetries: 0,
    isOpen: false,
    isHalfOpen: false,
    isConfirmed: false,
    isOutage: false,
    basePause: 1000,
    pause: 1000,
    isPauseReset: false,
    retryEnd: -Infinity,
    probeTime: -Infinity,
    prefersIsolated: true,
    retriesFrom: -Infinity,
    callsAtReturn: 0,
    isReturning: false,
    lastError: undefined,
    lastSuccessAt: undefined,
    lastGroup: undefined,
    holdOff: undefined,
  }
}
