import type { Clock } from '@auto-refresh/core'
import type { Script } from './scripts.ts'
import type { FleetStore } from './store.ts'

/** Commands to the store. None is waited for longer than the time limit (V6). */
export class Commands {
  readonly #store: FleetStore
  readonly #clock: Clock
  readonly #timeout: number
  readonly #timers = new Set<unknown>()
  #isClosed = false

  /** @param timeout ms */
  constructor(store: FleetStore, clock: Clock, timeout: number) {
    this.#store = store
    this.#clock = clock
    this.#timeout = timeout
  }

  /** Runs a script. The promise may settle late or never. */
  async run({ sha1, source }: Script, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    try {
      return await this.#store.evalSha(sha1, keys, args)
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return this.#store.eval(source, keys, args)
    }
  }

  /** A message that is published may be lost: nothing waits for it. */
  publish(channel: string, text: string): void {
    try {
      this.#store.publish(channel, text).catch(() => undefined)
    } catch {
      // As lost as any other.
    }
  }

  /** @throws if there is no answer in time, or after `close` */
  inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) {
        answer.catch(() => undefined)
        return
      }
      const timer = this.#clock.setTimeout(() => {
        this.#timers.delete(timer)
        reject(new Error(`the store has not answered within ${this.#timeout} ms`))
      }, this.#timeout)
      this.#timers.add(timer)
      const stop = (): boolean => {
        this.#clock.clearTimeout(timer)
        return this.#timers.delete(timer)
      }
      answer.then(
        (value) => stop() && resolve(value),
        (error: unknown) => stop() && reject(error),
      )
    })
  }

  /** No timer is left. What is under way is not answered any more. */
  close(): void {
    this.#isClosed = true
    for (const timer of this.#timers) this.#clock.clearTimeout(timer)
    this.#timers.clear()
  }
}
