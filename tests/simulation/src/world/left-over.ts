import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** One of this number of runs is checked, because a check takes a garbage collection. */
const EVERY = 40

const TRIES = 20

/** ms; the compiler works beside the program, and may hold an object until it has finished. */
const PATIENCE = 20

/** Objects that must not be on the heap after every observer has left and every item was removed (O6). */
export class LeftOver {
  readonly #seen = new WeakSet()
  readonly #noted: WeakRef<object>[] = []

  /** Undefined for most seeds. */
  static for(seed: number): LeftOver | undefined {
    return seed % EVERY === 0 ? new LeftOver() : undefined
  }

  note(object: object): void {
    if (this.#seen.has(object)) return
    this.#seen.add(object)
    this.#noted.push(new WeakRef(object))
  }

  /** Number of noted objects that something still refers to. */
  async count(): Promise<number> {
    setFlagsFromString('--expose-gc')
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const collect = runInNewContext('gc') as () => void
    let count = this.#noted.length
    // Objects that a task has made or looked at live as long as the task.
    for (let i = 0; i < TRIES && count > 0; i += 1) {
      await new Promise((resolve) => {
        if (i < TRIES / 2) setImmediate(resolve)
        else setTimeout(resolve, PATIENCE)
      })
      collect()
      count = this.#noted.filter((ref) => ref.deref() !== undefined).length
    }
    return count
  }
}
