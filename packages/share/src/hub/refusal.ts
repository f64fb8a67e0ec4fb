import type { ItemId } from '@auto-refresh/core'
import type { SharedError } from '../protocol/message.ts'

/** What may not be read looks as if it did not exist (H2). */
export function notFound(id: ItemId): SharedError {
  return { name: 'AutoRefreshError', code: 'NOT_FOUND', message: `there is no item ${JSON.stringify(id)}` }
}

/** A client wants more ids than the hub allows. */
export function overLimit(limit: number): SharedError {
  return { name: 'AutoRefreshError', code: 'LIMIT', message: `a client may want ${limit} ids at most` }
}
