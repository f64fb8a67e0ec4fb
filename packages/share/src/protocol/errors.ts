import { AutoRefreshError, type AutoRefreshErrorCode, type ItemId } from '@auto-refresh/core'
import type { SharedError, SharedState } from './message.ts'
import { Formless } from './formless.ts'
import { MAX_ERROR_LENGTH } from './limits.ts'

/** An error that happened at another member. */
export class RemoteError extends Error {
  readonly code: string | number | undefined
  readonly status: number | undefined
  /** ms */
  readonly retryAfter: number | undefined

  constructor({ name, message, code, status, retryAfter }: SharedError) {
    super(message)
    this.name = name
    this.code = code
    this.status = status
    this.retryAfter = retryAfter
  }
}

const CODES: readonly string[] = [
  'NOT_FOUND',
  'CAPACITY',
  'TIMEOUT',
  'INVALID_RESPONSE',
  'DELETED',
  'EXPIRED',
  'STOPPED',
] satisfies AutoRefreshErrorCode[]

/** Makes an error of what crossed: an `AutoRefreshError` again if it was one. */
export function receiveError(error: SharedError): Error {
  const { name, code, message } = error
  return name === 'AutoRefreshError' && isCode(code)
    ? new AutoRefreshError(code, message)
    : new RemoteError(error)
}

function isCode(code: unknown): code is AutoRefreshErrorCode {
  return typeof code === 'string' && CODES.includes(code)
}

/** Returns what crosses of an error: never its stack (K10). A thrown value that is no object crosses as its text. */
export function shareError(error: unknown): SharedError {
  try {
    const isObject = typeof error === 'object' && error !== null
    const { name, message, code, status, retryAfter }: Partial<Record<keyof SharedError, unknown>> = isObject
      ? error
      : { message: error }
    return {
      name: name === undefined ? 'Error' : text(name),
      message: message === undefined ? '' : text(message),
      ...(typeof code === 'string' && { code: text(code) }),
      ...(isNumber(code) && { code }),
      ...(isNumber(status) && { status }),
      ...(isNumber(retryAfter) && { retryAfter }),
    }
  } catch {
    // A getter that throws, or a value that has no text.
    return { name: 'Error', message: '' }
  }
}

/** Code of the error of an item that cannot cross: the leader has it, and the others do not (K12). */
const UNSENDABLE = 'UNSENDABLE'

/** Returns the error of an item that cannot cross. @param why what cannot be done, before the id is named */
export function unsendable(id: ItemId, why: string): SharedError {
  // The id comes last, because a long one is cut off.
  return shareError({ name: 'TypeError', code: UNSENDABLE, message: `${why}: ${JSON.stringify(id)}` })
}

export function isUnsendable({ code }: SharedError): boolean {
  return code === UNSENDABLE
}

/** A state in place of one whose item cannot be sent (K12). @param cause the error of the attempt */
export function uncrossed({ id, seq, next, item }: SharedState, cause?: unknown): SharedState {
  const reason = item instanceof Formless ? item.why : cause === undefined ? '' : shareError(cause).message
  const why = reason === '' ? '' : ` (${reason})`
  const error = unsendable(id, `an item cannot be sent to the others of its group${why}`)
  return { id, seq, error, failureCount: 1, ...(next !== undefined && { next }) }
}

function text(value: unknown): string {
  return String(value).slice(0, MAX_ERROR_LENGTH)
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value)
}
