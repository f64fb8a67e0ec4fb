/** Random numbers by seed (mulberry32), so that a run can be repeated. */
export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = (seed * 2_654_435_761) >>> 0
  }

  next(): number {
    this.#state = (this.#state + 0x6d_2b_79_f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  is(probability: number): boolean {
    return this.next() < probability
  }

  below(end: number): number {
    return Math.floor(this.next() * end)
  }

  pick<Value>(values: readonly Value[]): Value {
    const place = this.below(values.length)
    const [value] = values.slice(place, place + 1)
    if (values.length === 0) throw new Error('nothing to pick from')
    return value as Value
  }
}
