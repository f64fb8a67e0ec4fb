import { type World } from './world.ts'
import { type Writes } from './writes.ts'

/** One `stop` whose promise has not been seen to settle, and the calls that it waits for. */
interface Stop {
  isDone: boolean
  readonly calls: readonly unknown[]
}

/** How the application starts and stops the cache. */
export class Starts {
  readonly #world: World
  readonly #writes: Writes
  readonly #releases: (() => void)[] = []
  /** By the number of the signal; made when they are first asked for. */
  readonly #controllers = new Map<number, AbortController>()
  readonly stops = new Set<Stop>()

  constructor(world: World, writes: Writes) {
    this.#world = world
    this.#writes = writes
  }

  retain(): void {
    const { cache, life } = this.#world
    this.#lifeInValue()
    life.retain()
    this.#releases.push(cache.retain())
  }

  releaseAll(): void {
    while (this.#releases.length > 0) this.release()
  }

  start(signal: number | undefined): void {
    const { cache, life } = this.#world
    this.#lifeInValue()
    if (signal === undefined) {
      life.start()
      cache.start()
      return
    }
    const controller = this.#controllers.get(signal) ?? new AbortController()
    this.#controllers.set(signal, controller)
    life.start(signal)
    cache.start({ signal: controller.signal })
  }

  abort(number: number): void {
    const { life } = this.#world
    const controller = this.#controllers.get(number)
    this.#lifeInValue()
    this.#world.blurWhatEnds()
    // A signal aborts once; the next start gets a new one of the same number.
    this.#controllers.delete(number)
    life.abort(number)
    controller?.abort()
  }

  stop(): void {
    const { cache, life, model } = this.#world
    this.#lifeInValue()
    this.#world.blurWhatEnds()
    const stop = { isDone: false, calls: [...model.calls] }
    if (this.#world.witness.starting.size > 0) this.#world.witness.isCountVague = true
    life.stop()
    const performed = this.#writes.count
    const stopped = cache.stop()
    // Who starts it again as it stops has more calls waited for.
    if (this.#writes.count === performed) this.stops.add(stop)
    void stopped.then(() => {
      stop.isDone = true
    })
  }

  release(): void {
    const release = this.#releases.pop()
    if (release === undefined) return
    this.#lifeInValue()
    this.#world.life.release()
    release()
    if (this.#world.script.seed % 3 === 0) release()
  }

  /** A start or stop in the middle of a write: what else is written then is not told here. */
  #lifeInValue(): void {
    const { reactions, model } = this.#world
    if (reactions.isInValue) for (const id of model.entries.keys()) model.vague.add(id)
  }
}
