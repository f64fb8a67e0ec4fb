import type { Cast } from './cast.ts'
import type { Op } from './script.ts'

/** Steps of time in a run. */
export interface Pace {
  readonly cast: Cast
  /** A promise was broken, or the run has gone on long enough. */
  readonly isOver: boolean
  act(...ops: Op[]): Promise<void>
  /** Lets everything go on that needs no time, then looks. */
  turn(): Promise<void>
  /** Lets time pass, instant by instant. */
  advance(until: number): Promise<void>
}
