/** How smoothly the page runs. */
export interface FrameFigures {
  /** Frames of the last second. */
  readonly framesPerSecond: number
  /** ms of the longest time between two frames, in the last ten seconds. */
  readonly longestFrame: number
  /** ms of the longest task of the last ten seconds: 0 where none took 50 ms; undefined where the browser does not tell. */
  readonly longestTask: number | undefined
}

interface Measured {
  readonly at: number
  readonly duration: number
}

const REMEMBERED = 10_000

/** Counts frames and long tasks while it runs. */
export class FrameMeter {
  readonly #frames: Measured[] = []
  readonly #tasks: Measured[] = []
  readonly #observer: PerformanceObserver | undefined = createObserver((task) => this.#tasks.push(task))
  #request = 0

  start(): void {
    this.#observer?.observe({ type: 'longtask' })
    let previous: number | undefined
    const onFrame = (now: number): void => {
      if (previous !== undefined) this.#frames.push({ at: now, duration: now - previous })
      previous = now
      this.#request = requestAnimationFrame(onFrame)
    }
    this.#request = requestAnimationFrame(onFrame)
  }

  stop(): void {
    this.#observer?.disconnect()
    cancelAnimationFrame(this.#request)
    this.#frames.length = 0
    this.#tasks.length = 0
  }

  read(now: number = performance.now()): FrameFigures {
    for (const measured of [this.#frames, this.#tasks]) forgetBefore(measured, now - REMEMBERED)
    return {
      framesPerSecond: this.#frames.filter(({ at }) => at > now - 1000).length,
      longestFrame: longest(this.#frames),
      longestTask: this.#observer === undefined ? undefined : longest(this.#tasks),
    }
  }
}

function createObserver(onTask: (task: Measured) => void): PerformanceObserver | undefined {
  if (!PerformanceObserver.supportedEntryTypes.includes('longtask')) return undefined
  return new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) onTask({ at: startTime, duration })
  })
}

function forgetBefore(measured: Measured[], time: number): void {
  const kept = measured.findIndex(({ at }) => at >= time)
  measured.splice(0, kept === -1 ? measured.length : kept)
}

function longest(measured: readonly Measured[]): number {
  return measured.reduce((most, { duration }) => Math.max(most, duration), 0)
}
