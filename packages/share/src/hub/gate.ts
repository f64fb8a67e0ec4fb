import type { Clock, ItemId } from '@auto-refresh/core'
import type { HubOptions, Principal } from './options.ts'

/** ms after which a check counts as failed. */
const CHECK_LIMIT = 1000

/** The application could not say whether something is allowed: no refusal. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed'
}

/** Asks the application who may do what (H2). */
export class Gate<P extends Principal> {
  readonly #options: Pick<HubOptions<never, P>, 'authorize' | 'mayRead'>
  readonly #clock: Clock

  constructor(options: Pick<HubOptions<never, P>, 'authorize' | 'mayRead'>, clock: Clock) {
    this.#options = options
    this.#clock = clock
  }

  /** @throws {CheckFailed} if the application cannot say */
  admit(request: Request): Promise<P | undefined> {
    return this.#answer(() => this.#options.authorize(request))
  }

  /** Of these ids, those that the principal may read. @throws {CheckFailed} if the application cannot say of one of them */
  async readable(principal: P, ids: Iterable<ItemId>): Promise<ReadonlySet<ItemId>> {
    const all = [...new Set(ids)]
    const answers = await this.#answer(() => {
      const given = all.map((id) => this.#options.mayRead(principal, id))
      // Usually all are known at once, and nothing has to wait.
      return given.every((answer) => typeof answer === 'boolean')
        ? given
        : Promise.all(given.map((answer) => Promise.resolve(answer)))
    })
    // An answer that is no boolean is no permission.
    return new Set(all.filter((_, index) => answers[index] === true))
  }

  #answer<Answer>(ask: () => Answer | PromiseLike<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const fail = (cause?: unknown): void => reject(new CheckFailed('the check failed', { cause }))
      let answer: Answer | PromiseLike<Answer>
      try {
        answer = ask()
      } catch (error) {
        fail(error)
        return
      }
      if (!isPromise(answer)) {
        resolve(answer)
        return
      }
      const timer = this.#clock.setTimeout(fail, CHECK_LIMIT)
      const end = (): void => this.#clock.clearTimeout(timer)
      void Promise.resolve(answer).then(resolve, fail).then(end)
    })
  }
}

function isPromise<Answer>(answer: Answer | PromiseLike<Answer>): answer is PromiseLike<Answer> {
  return typeof answer === 'object' && answer !== null && 'then' in answer
}
