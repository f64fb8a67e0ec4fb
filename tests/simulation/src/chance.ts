import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** The random choices of one seed. */
export class Chance {
  readonly #generator

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed | 0)
    // The first numbers of neighbouring seeds are alike.
    for (let i = 0; i < 8; i += 1) this.#generator.next()
  }

  int(from: number, to: number): number {
    return uniformInt(this.#generator, from, to)
  }

  /** True `percent` times in a hundred. */
  is(percent: number): boolean {
    return this.int(1, 100) <= percent
  }

  pick<T>(choices: readonly T[]): T {
    if (choices.length === 0) throw new RangeError('nothing to choose from')
    // The index is within the list.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return choices[this.int(0, choices.length - 1)] as T
  }

  /** One of the choices, each as often as its weight says. */
  weighted<T>(choices: readonly (readonly [number, T])[]): T {
    let sum = 0
    for (const choice of choices) sum += choice[0]
    let left = this.int(1, sum)
    for (const choice of choices) {
      left -= choice[0]
      if (left <= 0) return choice[1]
    }
    throw new RangeError('nothing to choose from')
  }

  list<T>(length: number, make: () => T): T[] {
    const list: T[] = []
    while (list.length < length) list.push(make())
    return list
  }
}
