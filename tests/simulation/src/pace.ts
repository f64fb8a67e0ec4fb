import { type Cast } from './cast.ts'

/** How a run goes on. */
export interface Pace {
  readonly cast: Cast
  /** A promise was broken, or it has gone on long enough. */
  readonly isOver: boolean
  /** Lets everything go on that needs no time, then looks. */
  turn(): Promise<void>
  /** Lets time pass up to `until`, instant by instant. */
  advance(until: number): Promise<void>
}
