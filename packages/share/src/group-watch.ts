import type { Clock } from '@auto-refresh/core'
import { unref } from './group/awake-timer.ts'
import { type GroupOption, isGroupError } from './shared-options.ts'

/** ms between two looks for a group while there is none. */
const CHECK = 1000

/** Watches which group the member is in (K9). */
export class GroupWatch {
  readonly #option: GroupOption
  readonly #changed: (previous: string | undefined) => void
  /** The group that was last seen. */
  #current: string | undefined
  /** The group to which an answer did not belong: the member is out until it changes. */
  #refused: string | undefined
  #isChecking = false
  #timer: unknown

  /** @param changed called when the group is another one than before */
  constructor(option: GroupOption, changed: (previous: string | undefined) => void) {
    if (typeof option !== 'function' && typeof option !== 'string') {
      throw new TypeError(`group must be a string or a function, got ${String(option)}`)
    }
    this.#option = option
    this.#changed = changed
  }

  /** The group; undefined: there is none now. */
  get current(): string | undefined {
    return this.#current
  }

  /** Asks for the group. Tells if it is another one. */
  check(): string | undefined {
    if (this.#isChecking) return this.#current
    const next = this.#ask()
    if (next !== this.#refused) this.#refused = undefined
    const group = next === this.#refused ? undefined : next
    if (group === this.#current) return group
    const previous = this.#current
    this.#current = group
    this.#isChecking = true
    try {
      this.#changed(previous)
    } finally {
      this.#isChecking = false
    }
    return group
  }

  /** Looks for a group once a second while there is none, if nothing else would tell. */
  watch(clock: Clock, isRunning: boolean, keepAlive: boolean): void {
    clock.clearTimeout(this.#timer)
    this.#timer = undefined
    if (!isRunning || this.#current !== undefined || typeof this.#option !== 'function') return
    this.#timer = clock.setTimeout(() => {
      this.check()
      this.watch(clock, isRunning, keepAlive)
    }, CHECK)
    if (!keepAlive) unref(this.#timer)
  }

  /** Runs a sync call for the group of this moment. Its answer is thrown away if it may be somebody else's. */
  async guard<Result>(call: () => Result): Promise<Awaited<Result>> {
    const group = this.check()
    if (group === undefined) throw changedError()
    try {
      const result = await call()
      if (this.check() !== group) throw changedError()
      return result
    } catch (error) {
      if (isGroupError(error) && this.#current === group) {
        this.#refused = group
        this.check()
      }
      throw error
    }
  }

  /** The group as the option says; one that throws, or is no text, is none. */
  #ask(): string | undefined {
    if (typeof this.#option === 'string') return this.#option
    try {
      const group: unknown = this.#option()
      return typeof group === 'string' ? group : undefined
    } catch {
      return undefined
    }
  }
}

function changedError(): Error {
  return new Error('the group has changed: the answer is thrown away')
}
