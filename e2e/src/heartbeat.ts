/** ms between two beats. */
const BEAT = 50

/** Largest part of a pause between two beats that counts as awake: in a longer pause this process stood still. */
const MOST = 2 * BEAT

/**
 * Measures the time in which a busy machine let this process, and so the wire, work. Upper bounds of the cache are measured by it,
 * because a wire that stands still delays requests without the cache's doing. The page's own time always counts.
 */
export class Heartbeat {
  readonly #beats: number[] = [Date.now()]
  readonly #timer = setInterval(() => this.#beats.push(Date.now()), BEAT).unref()

  /** Ends the beats. Returns a function of two times (epoch ms) for the ms between them in which the wire was awake. */
  end(): (from: number, to: number) => number {
    clearInterval(this.#timer)
    return (from, to) => {
      const inside = [from, ...this.#beats.filter((at) => at > from && at < to), to]
      return inside.slice(1).reduce((sum, at, index) => sum + Math.min(at - (inside[index] ?? at), MOST), 0)
    }
  }
}
