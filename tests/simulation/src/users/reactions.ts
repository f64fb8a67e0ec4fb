import type { Op, Reaction } from '../script.ts'
import type { World } from '../world/world.ts'

/** The kinds of callbacks of the application. A question may only read (O3). */
export type Place = 'sync' | 'abort' | 'listener' | 'event' | 'question'

export class ApplicationError extends Error {}

/** Deeper nesting is an application that loops for ever. */
const DEPTH = 2
const MOST_IN_A_TURN = 30
const MOST_IN_A_RUN = 400

/** Actions of the application inside its callbacks: calls of the cache's methods, throws. */
export class Reactions {
  readonly #world: World
  readonly #plan: readonly (Reaction | null)[]
  readonly #counts = new Map<Place, number>()
  #depth = 0
  #inTurn = 0
  #inRun = 0
  perform: (op: Op) => void = () => undefined
  isSilent = false
  /** Number of errors that the cache has to report (F7). */
  thrown = 0

  constructor(world: World) {
    this.#world = world
    this.#plan = world.script.reactions
  }

  run(place: Place): void {
    const reaction = this.#next(place)
    if (reaction === null) return
    this.#inTurn += 1
    this.#inRun += 1
    this.#depth += 1
    if (place === 'question') this.#world.questions += 1
    else this.#world.reactions += 1
    try {
      for (const op of reaction.ops) this.perform(op)
    } catch (error) {
      // The cache would take it for the application's.
      this.#world.violations.add(
        'simulation',
        `threw ${error instanceof Error ? String(error.stack) : String(error)}`,
      )
    } finally {
      this.#depth -= 1
      if (place === 'question') this.#world.questions -= 1
    }
    if (reaction.throws && (place === 'listener' || place === 'event')) this.throw()
  }

  throw(): never {
    this.thrown += 1
    throw new ApplicationError('of the application')
  }

  endTurn(): void {
    this.#inTurn = 0
  }

  #next(place: Place): Reaction | null {
    if (this.isSilent || this.#plan.length === 0) return null
    if (this.#depth >= DEPTH || this.#inTurn >= MOST_IN_A_TURN || this.#inRun >= MOST_IN_A_RUN) return null
    // Each kind of callback counts its own, so that a script shrinks evenly.
    const count = (this.#counts.get(place) ?? place.length) + 1
    this.#counts.set(place, count)
    return this.#plan[count % this.#plan.length] ?? null
  }
}
