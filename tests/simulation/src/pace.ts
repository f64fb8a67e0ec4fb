import type { Cast } from './cast.ts'
import type { Op } from './script.ts'

/** Steps of time in a run. */
export interface Pace {
  readonly cast: Cast
  /** True if a rule was broken, or the run is long enough. */
  readonly isOver: boolean
  act(...ops: Op[]): Promise<void>
  /** Runs everything that needs no time, then checks. */
  turn(): Promise<void>
  /** Advances the time from one event to the next. */
  advance(until: number): Promise<void>
}
