import type { ItemId } from './auto-refresh.ts'

/** What went wrong, for programs. */
export type AutoRefreshErrorCode =
  | 'NOT_FOUND'
  | 'CAPACITY'
  | 'TIMEOUT'
  | 'INVALID_RESPONSE'
  | 'DELETED'
  | 'EXPIRED'
  | 'STOPPED'

/** Every error that the package makes itself; what a sync function throws is passed on as it is. */
export class AutoRefreshError extends Error {
  override readonly name = 'AutoRefreshError'
  readonly code: AutoRefreshErrorCode

  constructor(code: AutoRefreshErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

/** The longest part of an id that a message shows: ids may have any length. */
const SHOWN = 80

/** An id as messages show it. */
export function quote(id: ItemId): string {
  return JSON.stringify(id.length > SHOWN ? `${id.slice(0, SHOWN)}…` : id)
}
