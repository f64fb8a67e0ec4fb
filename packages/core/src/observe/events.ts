import type { AutoRefreshEvent } from '../auto-refresh.ts'
import { reportUncaught } from '../environment/report-error.ts'

/** Tells what happens, at once and in order, but never while the state is being changed. */
export interface Events<Item> {
  readonly listen: (listener: (event: AutoRefreshEvent<Item>) => void) => () => void
  /** @param event a function where it costs something to make */
  readonly tell: (event: AutoRefreshEvent<Item> | (() => AutoRefreshEvent<Item>)) => void
  /** Makes a change of several steps: what happens in it is told when the outermost one is complete. */
  readonly during: <Result>(change: () => Result) => Result
  /** Reports what a callback of the application threw (F7). */
  readonly report: (error: unknown) => void
  /** Asks a callback of the application; what it throws is reported. */
  readonly guard: <Answer>(ask: () => Answer, otherwise: Answer) => Answer
}

export function createEvents<Item>(): Events<Item> {
  const listeners = new Set<{ readonly listener: (event: AutoRefreshEvent<Item>) => void }>()
  const untold: AutoRefreshEvent<Item>[] = []
  /** How many changes are under way, one within the other. */
  let changes = 0
  let isTelling = false

  function flush(): void {
    if (untold.length === 0 || changes > 0 || isTelling) return
    isTelling = true
    // What is told may make more to tell: the array grows under the loop.
    for (const event of untold) tellAll(event)
    untold.length = 0
    isTelling = false
  }

  function tellAll(event: AutoRefreshEvent<Item>): void {
    for (const subscription of [...listeners]) {
      if (!listeners.has(subscription)) continue
      try {
        subscription.listener(event)
      } catch (error) {
        // An event listener that throws at this very event would be told of itself for ever.
        if (event.type === 'callback-error') reportUncaught(error)
        else report(error)
      }
    }
  }

  function tell(event: AutoRefreshEvent<Item> | (() => AutoRefreshEvent<Item>)): void {
    if (listeners.size === 0) return
    untold.push(typeof event === 'function' ? event() : event)
    flush()
  }

  function report(error: unknown): void {
    tell({ type: 'callback-error', error })
    reportUncaught(error)
  }

  return {
    tell,
    report,
    listen(listener) {
      const subscription = { listener }
      listeners.add(subscription)
      return () => {
        listeners.delete(subscription)
      }
    },
    during(change) {
      changes += 1
      try {
        return change()
      } finally {
        changes -= 1
        flush()
      }
    },
    guard(ask, otherwise) {
      try {
        return ask()
      } catch (error) {
        report(error)
        return otherwise
      }
    },
  }
}
