import type { ItemId } from '@auto-refresh/core'
import type { OptionsLike } from './tanstack.ts'

/** A registered symbol, because the ES module and the CommonJS form of this package must agree about it. */
const CLAIM = Symbol.for('@auto-refresh/query')

/** Says in the options of a query that a connection looks after it. */
export interface Claim {
  /** The connection. */
  readonly by: object
  readonly id: ItemId
  readonly queryHash: string
  /** The options as the application gave them. */
  readonly given: object
  /** The application's `retry`. */
  readonly retry: unknown
  readonly isSuspense: boolean
}

/** Returns the claim in the options of a query or of an observer. */
export function claimOf(options: object): Claim | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only `addClaim` writes the property
  return Reflect.get(options, CLAIM) as Claim | undefined
}

export function addClaim<Options extends OptionsLike>(options: Options, claim: Claim): Options {
  return { ...options, [CLAIM]: claim }
}

/**
 * True if a failure is not shown as an error yet: the cache tries again. `retry` means to the cache's own attempts what it
 * means to a fetch of TanStack Query.
 *
 * @param failureCount failures in a row, this one included
 */
export function isRetried(retry: unknown, failureCount: number, error: unknown): boolean {
  if (typeof retry === 'boolean') return retry
  if (typeof retry === 'number') return failureCount <= retry
  return typeof retry === 'function' && Boolean(Reflect.apply(retry, undefined, [failureCount - 1, error]))
}
