/**
 * Time as the cache sees it. The default looks the globals up at each call, so that a test runner's fake timers work
 * with it whenever they are installed.
 */
export interface Clock {
  /** Monotonic ms: what all scheduling goes by. */
  now(): number
  /** Wall clock, ms since 1970: for what people read, and to notice a machine's sleep. */
  epoch(): number
  setTimeout(callback: () => void, delay: number): unknown
  clearTimeout(handle: unknown): void
}

/** What every runtime's timers have in common, whatever its handles are. */
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

/** One reading of both clocks, shared by all that happened at it. */
export interface Moment {
  readonly now: number
  readonly epoch: number
}

/** Takes readings of a clock; one object for all that are the same. */
export function readingsOf(clock: Clock): () => Moment {
  let latest: Moment | undefined
  return () => {
    const [now, epoch] = [clock.now(), clock.epoch()]
    if (latest?.now !== now || latest.epoch !== epoch) latest = { now, epoch }
    return latest
  }
}
