/**
 * Lets `size` callers in at a time, first come first served. Piscina's own queue does not keep to that order if tasks have
 * an abort signal.
 */
export class Turns {
  #free: number
  readonly #waiting = new Set<() => void>()

  constructor(atATime: number) {
    this.#free = atATime
  }

  /** Resolves when it is the caller's turn, which `giveBack` ends. Rejects on abort; then there is no turn to end. */
  async take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.#free > 0) {
      this.#free--
      return
    }
    await new Promise<void>((resolve, reject) => {
      const enter = (): void => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = (): void => {
        this.#waiting.delete(enter)
        reject(new Error('Aborted while waiting', { cause: signal.reason }))
      }
      this.#waiting.add(enter)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  giveBack(): void {
    const [next] = this.#waiting
    if (next === undefined) {
      this.#free++
      return
    }
    this.#waiting.delete(next)
    next()
  }
}
