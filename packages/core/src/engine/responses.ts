import type { ItemId } from '../auto-refresh.ts'
import { AutoRefreshError, quote } from '../errors.ts'

/** A response as it came: nothing of it is checked, and reading it may throw. */
export interface RawResponse<Item> {
  readonly id?: unknown
  readonly action?: unknown
  readonly item?: Item | null | undefined
  readonly validator?: unknown
  readonly error?: unknown
  readonly retryAfter?: unknown
}

/** Why an item could not be refreshed. */
export interface Failure {
  readonly error: unknown
  /** ms; 0 for none. */
  readonly retryAfter: number
}

/** A response, read once and checked. */
export type ParsedResponse<Item> =
  | { readonly action: 'update'; readonly item: Item; readonly validator: unknown }
  | { readonly action: 'unchanged'; readonly validator: unknown }
  | { readonly action: 'delete' }
  | ({ readonly action: 'fail' } & Failure)

/** Returns the id that a response is for; undefined if it has none. A number is taken as its text (F17). */
export function idOf(response: RawResponse<unknown>): ItemId | undefined {
  try {
    const { id } = response
    if (typeof id === 'string') return id
    return Number.isFinite(id) ? String(id) : undefined
  } catch {
    return undefined
  }
}

/** Parses a response that is for `id`. A malformed one is a failure of that id alone (F4). */
export function parseResponse<Item>(response: RawResponse<Item>, id: ItemId): ParsedResponse<Item> {
  let why = 'it cannot be read'
  let options: { readonly cause: unknown } | undefined
  try {
    const { action = 'update', item, validator } = response
    if (action === 'unchanged') return { action, validator }
    if (action === 'delete') return { action }
    if (action === 'fail') return { action, ...failureOf(response.error, response) }
    if (action !== 'update') why = `its action is ${String(action)}`
    else if (item !== undefined && item !== null) return { action, item, validator }
    else why = `its item is ${String(item)}`
  } catch (cause) {
    options = { cause }
  }
  return invalid(`the response for ${quote(id)} is malformed: ${why}`, options)
}

/** A failure of one item because of what was answered for it. */
export function invalid(
  message: string,
  options?: { readonly cause: unknown },
): { readonly action: 'fail' } & Failure {
  return { action: 'fail', error: new AutoRefreshError('INVALID_RESPONSE', message, options), retryAfter: 0 }
}

/** ms; the longest time for which one response can delay its item (F2). */
const MAX_RETRY_AFTER = 86_400_000

/**
 * The failure of an item or a call. It always has an error, because a snapshot without one looks like a success (F1).
 *
 * @param source may carry `retryAfter` (ms)
 */
export function failureOf(error: unknown, source: unknown = error): Failure {
  let retryAfter = 0
  try {
    const given: unknown = Reflect.get(new Object(source), 'retryAfter')
    if (typeof given === 'number' && given > 0 && Number.isFinite(given)) {
      retryAfter = Math.min(given, MAX_RETRY_AFTER)
    }
  } catch {
    // A hostile getter: it asks for nothing.
  }
  return { error: error === undefined ? new Error('sync gave no error') : error, retryAfter }
}

/** The answer of a call, by the positions of what was asked for. */
export interface Answer<Item> {
  /** A hole is an id that was left out. */
  readonly responses: readonly (RawResponse<Item> | undefined)[]
  /** Ids that nobody asked for. */
  readonly unexpected: readonly { readonly id: ItemId | undefined; readonly response: unknown }[]
}

/**
 * Finds out which id each response is for: by position first, which is where most sources put it.
 *
 * @throws {AutoRefreshError} INVALID_RESPONSE if `given` is no array, or has no entry with a usable id (F18)
 */
export function matchResponses<Item>(
  given: unknown,
  asked: readonly { readonly id: ItemId }[],
): Answer<Item> {
  if (!isArray<Item>(given)) {
    throw new AutoRefreshError(
      'INVALID_RESPONSE',
      `sync must return an array of responses, got ${nameOf(given)}`,
    )
  }
  const responses: (RawResponse<Item> | undefined)[] = []
  const unexpected: { readonly id: ItemId | undefined; readonly response: unknown }[] = []
  let positions: Map<ItemId, number> | undefined
  let next = 0
  let hasId = false
  // By index: an array's own iterator may have been replaced, and it may grow meanwhile.
  for (let index = 0, { length } = given; index < length; index++) {
    const response = given[index] ?? {}
    const id = idOf(response)
    if (id !== undefined) hasId = true
    let position: number | undefined = next
    if (id === undefined) {
      position = undefined
    } else if (id !== asked[next]?.id) {
      positions ??= new Map(asked.map((each, at) => [each.id, at]))
      position = positions.get(id)
    }
    if (position === undefined) {
      unexpected.push({ id, response: given[index] })
      continue
    }
    responses[position] = response
    next = position + 1
  }
  if (given.length > 0 && !hasId) {
    throw new AutoRefreshError('INVALID_RESPONSE', 'no response of the answer has an id')
  }
  return { responses, unexpected }
}

/** Nothing is known of what an application answers. */
function isArray<Item>(given: unknown): given is readonly (RawResponse<Item> | null | undefined)[] {
  return Array.isArray(given)
}

/** Names a value that is no array of responses, for messages. */
export function nameOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : String(value)
}

/**
 * Finds the id among those that nobody asked for that was probably meant by an id left out: it differs only in case, surrounding
 * white space or percent-encoding (F17).
 */
export function lookAlike(
  id: ItemId,
  unexpected: Answer<unknown>['unexpected'],
  isPresent: (id: ItemId) => boolean,
): ItemId | undefined {
  const wanted = normalize(id)
  return unexpected.find(
    (each) => each.id !== undefined && normalize(each.id) === wanted && !isPresent(each.id),
  )?.id
}

function normalize(id: ItemId): string {
  let decoded = id
  try {
    decoded = decodeURIComponent(id)
  } catch {
    // A lone percent sign: nothing to decode.
  }
  return decoded.trim().toLowerCase()
}
