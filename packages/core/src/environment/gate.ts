import type { Environment } from './environment.ts'

/** Which of the environment's two questions matter. */
export interface GateOptions {
  readonly environment: Environment
  readonly refreshWhenHidden: boolean
  readonly refreshWhenOffline: boolean
}

/** Whether refreshes may start: the page is visible and the machine online, where that matters (T3). */
export class Gate {
  readonly #options: GateOptions
  readonly #changed: () => void
  readonly #toggled: (isOpen: boolean) => void
  readonly #report: (error: unknown) => void
  #isOpen = true
  #isWatching = false
  #unsubscribe: (() => void) | undefined = undefined

  /**
   * @param changed called when the environment says that something changed
   * @param toggled called when a look shows that it opened or closed
   * @param report is told what the environment throws: then nothing holds the refreshes up
   */
  constructor(
    options: GateOptions,
    changed: () => void,
    toggled: (isOpen: boolean) => void,
    report: (error: unknown) => void,
  ) {
    this.#options = options
    this.#changed = changed
    this.#toggled = toggled
    this.#report = report
  }

  /** As it was at the last look. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Begins to listen. */
  watch(): void {
    if (this.#isWatching) return
    this.#isWatching = true
    this.#isOpen = true
    const unsubscribe = this.#ask(
      () => this.#options.environment.subscribe(() => this.#changed()),
      () => undefined,
    )
    // The environment may have had the cache stopped, and started again, while it was subscribed to.
    if (this.#isWatching && this.#unsubscribe === undefined) this.#unsubscribe = unsubscribe
    else this.#ask(unsubscribe, undefined)
  }

  unwatch(): void {
    this.#isWatching = false
    const unsubscribe = this.#unsubscribe
    this.#unsubscribe = undefined
    if (unsubscribe !== undefined) this.#ask(unsubscribe, undefined)
  }

  /** Looks. */
  look(): boolean {
    const { environment, refreshWhenHidden, refreshWhenOffline } = this.#options
    const isOpen =
      (refreshWhenHidden || this.#ask(() => environment.isVisible(), true)) &&
      (refreshWhenOffline || this.#ask(() => environment.isOnline(), true))
    if (isOpen !== this.#isOpen) {
      this.#isOpen = isOpen
      this.#toggled(isOpen)
    }
    return isOpen
  }

  #ask<Answer>(question: () => Answer, otherwise: Answer): Answer {
    try {
      return question()
    } catch (error) {
      this.#report(error)
      return otherwise
    }
  }
}
