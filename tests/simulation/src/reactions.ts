import { type Reaction } from './script.ts'

/** Where a callback of the application was called from. */
export type Place = 'sync' | 'abort' | 'listener' | 'event' | 'condition' | 'batches' | 'value'

export class ApplicationError extends Error {}

/** More nested than this, and applications loop for ever. */
const DEPTH = 2
const MOST_IN_A_TURN = 40
/** With many ids, reactions to reactions make most of a run. */
const MOST_IN_A_RUN = 600

/** What the application does inside its callbacks: calls methods of the cache, throws. */
export class Reactions {
  readonly #plan: readonly (Reaction | null)[]
  readonly #isWild: boolean
  /** Calls the methods. */
  perform: (reaction: Reaction) => void = () => {}
  #count = 0
  #depth = 0
  #inTurn = 0
  #inRun = 0
  /** How deep inside callbacks that are asked about values: the cache is in the middle of a write. */
  #inValue = 0
  isSilent = false
  /** A call is told to start, and not made yet. */
  isStarting: () => boolean = () => false
  /** Errors that the cache has to report (F7). */
  thrown = 0
  /** Errors that `reportError` was given. */
  reported = 0

  constructor(plan: readonly (Reaction | null)[], isWild: boolean) {
    this.#isWild = isWild
    this.#plan = plan
  }

  get isInValue(): boolean {
    return this.#inValue > 0
  }

  run(place: Place): void {
    if (
      this.isSilent ||
      this.#depth >= DEPTH ||
      this.#inTurn >= MOST_IN_A_TURN ||
      this.#inRun >= MOST_IN_A_RUN
    )
      return
    this.#count += 1
    const reaction = this.#plan[this.#count % this.#plan.length]
    if (reaction === null || reaction === undefined) return
    this.#inTurn += 1
    this.#inRun += 1
    this.#depth += 1
    const isWithin = place === 'value' || place === 'batches' || place === 'condition'
    if (isWithin) this.#inValue += 1
    try {
      if (this.#isWild || !(this.isInValue || this.isStarting())) this.perform(reaction)
    } finally {
      this.#depth -= 1
      if (isWithin) this.#inValue -= 1
    }
    if (reaction.throws && (place === 'listener' || place === 'event' || place === 'batches')) this.throw()
  }

  /** What F7 speaks of. */
  throw(): never {
    this.thrown += 1
    throw new ApplicationError('of the application')
  }

  endTurn(): void {
    this.#inTurn = 0
  }
}
