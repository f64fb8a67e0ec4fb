/** ms between two beats, */
const BEAT = 50

/** and the most that counts of the time between two: who hears nothing for longer stands still. */
const MOST = 2 * BEAT

/**
 * How much time a busy machine gave this process, on which the wire hangs, to act in. What the cache may take at most is measured by
 * it: while the wire stands still no request gets through, and that is no delay of the cache. The page's own time always counts.
 */
export class Heartbeat {
  readonly #beats: number[] = [Date.now()]
  readonly #timer = setInterval(() => this.#beats.push(Date.now()), BEAT).unref()

  /** Ends it, and tells the ms between two moments (epoch ms) in which the wire was awake: at most those that passed. */
  end(): (from: number, to: number) => number {
    clearInterval(this.#timer)
    return (from, to) => {
      const inside = [from, ...this.#beats.filter((at) => at > from && at < to), to]
      return inside.slice(1).reduce((sum, at, index) => sum + Math.min(at - (inside[index] ?? at), MOST), 0)
    }
  }
}
