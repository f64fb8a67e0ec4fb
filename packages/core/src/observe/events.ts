import type { AutoRefreshEvent } from '../auto-refresh.ts'
import { reportUncaught } from '../environment/report-error.ts'

/** Tells what happens, at once and in order, but never while the state is being changed. */
export class Events<Item> {
  readonly #listeners = new Set<{ readonly listener: (event: AutoRefreshEvent<Item>) => void }>()
  readonly #untold: AutoRefreshEvent<Item>[] = []
  /** How many changes are under way, one within the other. */
  #changes = 0
  #isTelling = false

  listen(listener: (event: AutoRefreshEvent<Item>) => void): () => void {
    const subscription = { listener }
    this.#listeners.add(subscription)
    return () => {
      this.#listeners.delete(subscription)
    }
  }

  /** @param event a function where it costs something to make */
  tell(event: AutoRefreshEvent<Item> | (() => AutoRefreshEvent<Item>)): void {
    if (this.#listeners.size === 0) return
    this.#untold.push(typeof event === 'function' ? event() : event)
    this.#flush()
  }

  /** Makes a change of several steps: what happens in it is told when the outermost one is complete. */
  during<Result>(change: () => Result): Result {
    this.#changes += 1
    try {
      return change()
    } finally {
      this.#changes -= 1
      this.#flush()
    }
  }

  /** Reports what a callback of the application threw (F7). */
  report(error: unknown): void {
    this.tell({ type: 'callback-error', error })
    reportUncaught(error)
  }

  /** Asks a callback of the application; what it throws is reported. */
  guard<Answer>(ask: () => Answer, otherwise: Answer): Answer {
    try {
      return ask()
    } catch (error) {
      this.report(error)
      return otherwise
    }
  }

  #flush(): void {
    if (this.#changes > 0 || this.#isTelling) return
    this.#isTelling = true
    // What is told may make more to tell: the array grows under the loop.
    for (const event of this.#untold) this.#tellAll(event)
    this.#untold.length = 0
    this.#isTelling = false
  }

  #tellAll(event: AutoRefreshEvent<Item>): void {
    for (const subscription of [...this.#listeners]) {
      if (!this.#listeners.has(subscription)) continue
      try {
        subscription.listener(event)
      } catch (error) {
        // An event listener that throws at this very event would be told of itself for ever.
        if (event.type === 'callback-error') reportUncaught(error)
        else this.report(error)
      }
    }
  }
}
