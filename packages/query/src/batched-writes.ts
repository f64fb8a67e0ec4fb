/**
 * Makes writes to several queries one batch of their client. Only the client's own copy of query-core has the switch for
 * that, and it is on while a client tells its listeners of a write. So the first write is made, and the rest is made while
 * the listeners are told of it.
 */
export class BatchedWrites {
  #rest: Iterator<() => void> = [].values()
  #isBatched = true

  /** Makes the writes, of which each that changes something must be followed by `next`. */
  run(writes: readonly (() => void)[]): void {
    this.#isBatched = false
    this.#rest = writes.values()
    this.#write()
    this.#isBatched = true
  }

  /** To be called when the client tells of a write of this package. */
  next(): void {
    if (this.#isBatched) return
    this.#isBatched = true
    this.#write()
  }

  #write(): void {
    for (let each = this.#rest.next(); each.done !== true; each = this.#rest.next()) each.value()
  }
}
