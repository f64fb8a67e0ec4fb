import type { ItemId } from './auto-refresh.ts'

/** Says what went wrong, for programs. */
export type AutoRefreshErrorCode =
  | 'NOT_FOUND'
  | 'CAPACITY'
  | 'TIMEOUT'
  | 'INVALID_RESPONSE'
  | 'DELETED'
  | 'EXPIRED'
  | 'STOPPED'
  /** A callback that answers a question (`isTerminal`, `equals`, `interval`, a policy) called more than a read (O3). */
  | 'REENTRANT'

/** Every error that the package creates. Errors that a sync function throws are passed on unchanged. */
export class AutoRefreshError extends Error {
  override readonly name = 'AutoRefreshError'
  readonly code: AutoRefreshErrorCode

  constructor(code: AutoRefreshErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

/** Maximum characters of an id in a message, because ids may have any length. */
const MAX_LENGTH = 80

/** Returns the id in quotes, shortened, for messages. */
export function quote(id: ItemId): string {
  return JSON.stringify(id.length > MAX_LENGTH ? `${id.slice(0, MAX_LENGTH)}…` : id)
}
