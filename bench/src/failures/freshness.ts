/** Records the refreshes of each watched item: their number, and the age of its state in between. Times are ms. */
export class Freshness {
  /** Refreshes since the last `restart`. */
  refreshes = 0
  readonly #last: Map<string, number>
  readonly #seen = new Set<string>()
  #from: number
  #worst = 0

  /** @param from when the items were created */
  constructor(ids: Iterable<string>, from: number) {
    this.#last = new Map(Array.from(ids, (id) => [id, from]))
    this.#from = from
  }

  get size(): number {
    return this.#last.size
  }

  refreshed(id: string, now: number): void {
    const last = this.#last.get(id)
    if (last === undefined) return
    this.refreshes += 1
    this.#worst = Math.max(this.#worst, now - Math.max(last, this.#from))
    this.#last.set(id, now)
    this.#seen.add(id)
  }

  /** Forgets everything before `now`. */
  restart(now: number): void {
    this.refreshes = 0
    this.#from = now
    this.#worst = 0
    this.#seen.clear()
  }

  /** The longest time that any item has gone without a refresh since the last `restart`. */
  worstAge(now: number): number {
    let worst = this.#worst
    for (const last of this.#last.values()) worst = Math.max(worst, now - Math.max(last, this.#from))
    return worst
  }

  /** True if every item has been refreshed since the last `restart`. */
  areAllFresh(): boolean {
    return this.#seen.size === this.#last.size
  }

  /** Number of items that have been refreshed since the last `restart`. */
  get freshItems(): number {
    return this.#seen.size
  }

  /** Refreshes per item since the last `restart`. */
  perItem(): number {
    return this.refreshes / this.#last.size
  }
}
