/** A call as the simulated source sees it. Times are ms on the virtual clock. */
export interface SourceCall {
  readonly ids: readonly string[]
  readonly startedAt: number
}

/** Fate of a call. */
export interface Reply {
  /** The call fails with this error. */
  readonly error?: Error | undefined
  /** The ids for which this returns true are answered with `fail`. */
  readonly failing?: ((id: string) => boolean) | undefined
  /** ms until the reply; `Infinity`: it never comes. Default 100. */
  readonly latency?: number | undefined
}

/** Decides the fate of a call when it starts. */
export type Source = (call: SourceCall) => Reply

/** The source works. */
export const SUCCESS: Reply = {}

/** The call fails. */
export const FAILURE: Reply = { error: new Error('503') }

/** The call never gets an answer; it times out. */
export const SILENCE: Reply = { latency: Infinity }

/** An error by which the source asks for patience. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  /** ms */
  readonly retryAfter: number

  constructor(retryAfter: number) {
    super('429')
    this.retryAfter = retryAfter
  }
}
