/** The newest entries of a log; older ones are dropped. */
export class Ring<Entry> {
  readonly #entries: Entry[] = []
  readonly #capacity: number
  #first = 0
  /** Number of entries that were ever added. Changes with each. */
  total = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get length(): number {
    return this.#entries.length
  }

  add(entry: Entry): void {
    this.total += 1
    if (this.#entries.length < this.#capacity) {
      this.#entries.push(entry)
      return
    }
    this.#entries[this.#first] = entry
    this.#first = (this.#first + 1) % this.#capacity
  }

  clear(): void {
    this.#entries.length = 0
    this.#first = 0
  }

  /** Iterates from the newest entry to the oldest. */
  *newestFirst(): IterableIterator<Entry> {
    const { length } = this.#entries
    for (let back = 1; back <= length; back++) {
      const entry = this.#entries[(this.#first + length - back) % length]
      if (entry !== undefined) yield entry
    }
  }
}
