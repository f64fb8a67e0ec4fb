/**
 * Time as the cache sees it. The default looks the globals up at each call, so that a test runner's fake timers work
 * with it whenever they are installed.
 */
export interface Clock {
  /** Monotonic ms. All scheduling counts on it (T2). */
  now(): number
  /** Wall clock, ms since 1970. It gives the times that people read, and shows that the machine slept. */
  epoch(): number
  setTimeout(callback: () => void, delay: number): unknown
  clearTimeout(handle: unknown): void
}

/** The part of the timers that is the same in every runtime; handles differ. */
interface Timers {
  setTimeout(callback: () => void, delay: number): unknown
  clearTimeout(handle: unknown): void
}

function timers(): Timers {
  return globalThis
}

/** The runtime's own clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  epoch: () => Date.now(),
  setTimeout: (callback, delay) => timers().setTimeout(callback, delay),
  clearTimeout: (handle) => timers().clearTimeout(handle),
}

/** One reading of the cache's time and of the wall clock, shared by everything that happened at it. */
export interface Timestamp {
  /** ms on the cache's clock. */
  readonly now: number
  /** Wall clock, ms since 1970. */
  readonly epoch: number
}
