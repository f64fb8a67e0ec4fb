import { inPage, type Tab } from './tab.ts'

/** ms between two beats, */
const BEAT = 50

/** and the most that counts of the time between two: who hears nothing for longer stands still. */
const MOST = 2 * BEAT

declare global {
  interface Window {
    /** When the page's timer beat, epoch ms. */
    heartbeats?: number[]
  }
}

/**
 * How much time a busy machine gave the page and this process, on which the wire hangs, to act in. What the cache may take at most is
 * measured by it: while one of them stands still, nothing can happen, and that is no delay of the cache. A cache that waits too
 * long does so while both are awake.
 */
export class Heartbeat {
  readonly #tab: Tab
  readonly #own: number[] = [Date.now()]
  readonly #timer = setInterval(() => this.#own.push(Date.now()), BEAT).unref()

  private constructor(tab: Tab) {
    this.#tab = tab
  }

  /** Of the page that the tab shows. */
  static async of(tab: Tab): Promise<Heartbeat> {
    const heartbeat = new Heartbeat(tab)
    await inPage(
      tab,
      (beat) => {
        const beats = [Date.now()]
        window.heartbeats = beats
        setInterval(() => beats.push(Date.now()), beat)
      },
      BEAT,
    )
    return heartbeat
  }

  /** Ends it, and tells the ms between two moments (epoch ms) in which both were awake: at most those that passed. */
  async end(): Promise<(from: number, to: number) => number> {
    clearInterval(this.#timer)
    const pages = await inPage(this.#tab, () => window.heartbeats ?? [], undefined)
    return (from, to) => Math.min(awake(this.#own, from, to), awake(pages, from, to))
  }
}

function awake(beats: readonly number[], from: number, to: number): number {
  const inside = [from, ...beats.filter((at) => at > from && at < to), to]
  return inside.slice(1).reduce((sum, at, index) => sum + Math.min(at - (inside[index] ?? at), MOST), 0)
}
