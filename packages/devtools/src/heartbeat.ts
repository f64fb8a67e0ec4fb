/** ms between two looks at the caches. */
const PERIOD = 250

/** Beats four times per second while the page is visible; at the next frame if there is more to do. */
export class Heartbeat {
  readonly #beat: () => boolean
  #timer: ReturnType<typeof setTimeout> | undefined
  #frame: number | undefined

  /** @param beat returns true if it could not do everything */
  constructor(beat: () => boolean) {
    this.#beat = beat
  }

  start(): void {
    if (this.#timer === undefined && this.#frame === undefined) this.#askForFrame()
  }

  stop(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer)
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    this.#timer = this.#frame = undefined
  }

  /** A hidden page gets no frames, and so costs nothing. */
  #askForFrame(): void {
    this.#timer = undefined
    this.#frame = requestAnimationFrame(() => {
      this.#frame = undefined
      const isMore = this.#beat()
      if (isMore) this.#askForFrame()
      else this.#timer = setTimeout(() => this.#askForFrame(), PERIOD)
    })
  }
}
