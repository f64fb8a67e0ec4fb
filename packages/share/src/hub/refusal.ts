import type { ItemId } from '@auto-refresh/core'
import type { SharedError } from '../protocol/message.ts'

/** An id that may not be read looks as if it did not exist (H2). */
export function notFound(id: ItemId): SharedError {
  return { name: 'AutoRefreshError', code: 'NOT_FOUND', message: `there is no item ${JSON.stringify(id)}` }
}

/** A client asks for more than the hub allows. @param most what it may do at most */
export function overLimit(most: string): SharedError {
  return { name: 'AutoRefreshError', code: 'LIMIT', message: `a client may ${most} at most` }
}
